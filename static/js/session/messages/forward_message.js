// @ts-check
// Says in other conversations what was said in one. Who said it first stays there.
import { Talk2meError } from "../../errors.js";
import { find_message } from "./find_message.js";
import { to_file_body, to_file_record } from "./message_body.js";
import { store_own_message, writable } from "./own_message.js";

/** @import { Device } from "../device.js" */
/** @import { FileRecord } from "../records.js" */

const MOST = 32;

/**
 * @param {Device} device
 * @param {{ conversation: string, id: string, to: string[] }} wish
 * @throws {Talk2meError} `not_found`, `conversation_stopped`: then nowhere
 */
export async function forward_message(device, { conversation: from, id, to }) {
  if (!Array.isArray(to) || to.length === 0 || to.length > MOST) throw new Talk2meError("bad_request");
  await device.store.transaction(async (changes) => {
    const message = await find_message(changes, from, id);
    if (message?.type !== "text" || message.deleted) throw new Talk2meError("not_found");
    const { text = "", files = [] } = message;
    if (files.some(({ uploading }) => uploading)) throw new Talk2meError("not_found");
    for (const target of new Set(to)) {
      const conversation = await writable(changes, target);
      await store_own_message(changes, device, conversation, { text, files: files.map(same_file), forwarded: true });
    }
  });
}

/** What lies on the server is the same. @param {FileRecord} file @returns {FileRecord} */
export function same_file(file) {
  return { ...to_file_record(to_file_body(file)), ...(file.expires === undefined ? {} : { expires: file.expires }) };
}
