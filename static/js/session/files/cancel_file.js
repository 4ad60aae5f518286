// @ts-check
// A person stops a file: one that comes stays where it is; one that goes is taken out of its message, with which it goes too
// when nothing else is in it.
import { tell_conversation } from "../conversation_log.js";
import { find_message } from "../messages/find_message.js";
import { remove_message } from "../messages/remove_message.js";
import { forget_there } from "./forget_there.js";
import { put_files } from "./note_uploaded.js";
import { all_uploads, forget_upload, shown_id, upload_id } from "./stored_parts.js";
import { stop_transfer } from "./transfers.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */
/** @import { Upload } from "./stored_parts.js" */

/** @param {Device} device @param {{ id: string }} wish `id`: as the message shows it */
export async function cancel_file(device, { id }) {
  const upload = (await all_uploads(device)).find((one) => shown_id(one) === id && !one.sealing);
  stop_transfer(device, upload?.id ?? id);
  if (!upload) return;
  await device.store.transaction(async (changes) => {
    // It was done a moment ago.
    if (!(await changes.get("files", upload_id(upload.id)))) return;
    forget_upload(changes, upload);
    if (!upload.keeps) await take_out(changes, device, upload);
    forget_there(changes, device, [upload.id]);
  });
}

/** @param {Changes} changes @param {Device} device @param {Upload} upload */
async function take_out(changes, device, { id, conversation: of, message: content_id }) {
  /** @type {Conversation | undefined} */
  const conversation = await changes.get("conversations", of);
  const message = conversation && (await find_message(changes, of, content_id));
  if (!message) return;
  const files = (message.files ?? []).filter((file) => file.id !== id);
  if (files.length === 0 && !message.text) await remove_message(changes, device, conversation, message);
  else put_files(changes, device, conversation, message, files);
  changes.put("conversations", of, conversation);
  tell_conversation(changes, device, of);
}
