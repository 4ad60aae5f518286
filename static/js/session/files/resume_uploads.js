// @ts-check
// A message that failed because of a file is tried again.
import { upload_files } from "./upload_files.js";
import { upload_id } from "./stored_parts.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Message } from "../records.js" */
/** @import { Upload } from "./stored_parts.js" */

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Message} message
 * @returns {Promise<boolean>} whether there are files that have to go first
 */
export async function resume_uploads(changes, device, { files = [] }) {
  const waiting = files.filter(({ uploading }) => uploading);
  for (const { id } of waiting) {
    await changes.update("files", upload_id(id), (/** @type {Upload} */ upload) => delete upload.failed);
  }
  if (waiting.length > 0) changes.after(() => device.background(() => upload_files(device)));
  return waiting.length > 0;
}
