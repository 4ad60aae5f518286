// @ts-check
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { tell_conversation } from "../conversation_log.js";
import { find_message } from "../messages/find_message.js";
import { message_id } from "../records.js";
import { download_file } from "./download_file.js";

/** @import { Device } from "../device.js" */
/** @import { FileRecord } from "../records.js" */
/** @typedef {{ conversation: string, id: string, index: number }} Place `id`: of the message; `index`: of its files */

/**
 * @param {Device} device
 * @param {Place} place
 * @returns {Promise<{ blob: Blob, name: string }>}
 * @throws {Talk2meError} `not_found`, and as `download_file`
 */
export async function read_file(device, place) {
  const file = await find_file(device, place);
  try {
    return { blob: await download_file(device, file), name: file.name };
  } catch (error) {
    if (is_talk2me_error(error, "file_expired")) await note_expired(device, place, file);
    throw error;
  }
}

/** @param {Device} device @param {Place} place @returns {Promise<FileRecord>} */
export async function find_file(device, { conversation, id, index }) {
  const file = (await find_message(device.store, conversation, id))?.files?.[index];
  if (!file) throw new Talk2meError("not_found");
  return file;
}

/** It says so from now on, and can be asked for all the same. @param {Device} device @param {Place} place @param {FileRecord} file */
async function note_expired(device, { conversation, id, index }, file) {
  if (!file.kept && file.expires !== undefined && file.expires <= device.now()) return;
  await device.store.transaction(async (changes) => {
    const message = await find_message(changes, conversation, id);
    if (message?.files?.[index]?.id !== file.id) return;
    message.files[index] = { ...message.files[index], expires: device.now() };
    // Deleted in the settings, perhaps on another device.
    delete message.files[index].kept;
    changes.put("messages", message_id(conversation, message.order), message);
    tell_conversation(changes, device, conversation);
  });
}
