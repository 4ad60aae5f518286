// @ts-check
// What the server would forget is kept: sealed anew and uploaded once more, on this account's own share of its storage.
import { Talk2meError } from "../../errors.js";
import { tell_conversation } from "../conversation_log.js";
import { find_message } from "../messages/find_message.js";
import { message_id } from "../records.js";
import { check_sizes } from "./file_limit.js";
import { find_file, read_file } from "./read_file.js";
import { put_upload, seal_given, to_given } from "./send_files.js";
import { all_uploads, shown_id } from "./stored_parts.js";
import { upload_files } from "./upload_files.js";

/** @import { Device } from "../device.js" */
/** @import { FileRecord } from "../records.js" */
/** @import { Place } from "./read_file.js" */

/**
 * @param {Device} device
 * @param {Place & { keep?: boolean }} wish `keep`: false, and the server need not keep it any longer
 * @throws {Talk2meError} `not_allowed` for a message that disappears: its file goes with it
 */
export async function keep_file(device, { keep = true, ...place }) {
  const file = await find_file(device, place);
  if (!keep) return file.kept ? let_go(device, place, file) : undefined;
  if (file.kept || file.uploading || (await all_uploads(device)).some((upload) => shown_id(upload) === file.id)) return undefined;
  if ((await find_message(device.store, place.conversation, place.id))?.timer) throw new Talk2meError("not_allowed");
  const { blob } = await read_file(device, place);
  await check_sizes(device, [blob]);
  const copy = await seal_given(device, to_given(file, blob));
  delete copy.uploading;
  const keeps = { id: file.id, file: copy };
  await device.store.transaction((changes) => put_upload(changes, copy, { conversation: place.conversation, message: place.id, keeps }));
  device.background(() => upload_files(device));
  return undefined;
}

/** @param {Device} device @param {Place} place @param {FileRecord} file */
async function let_go(device, { conversation, id, index }, file) {
  await device.api.delete_attachment(file.id);
  await device.store.transaction(async (changes) => {
    const message = await find_message(changes, conversation, id);
    if (message?.files?.[index]?.id !== file.id) throw new Talk2meError("not_found");
    message.files[index] = { ...file, expires: device.now() };
    delete message.files[index].kept;
    changes.put("messages", message_id(conversation, message.order), message);
    tell_conversation(changes, device, conversation);
  });
}
