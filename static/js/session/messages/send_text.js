// @ts-check
import { Talk2meError } from "../../errors.js";
import { resume_uploads } from "../files/resume_uploads.js";
import { set_status, tell_conversation } from "../conversation_log.js";
import { drop_draft } from "./drafts.js";
import { find_message } from "./find_message.js";
import { queue_own_message, store_own_message, writable } from "./own_message.js";

/** @import { Device } from "../device.js" */

/**
 * @param {Device} device
 * @param {{ conversation: string, text: string, reply?: string, mentions?: string[] }} wish
 * @returns {Promise<{ id: string }>}
 * @throws {Talk2meError} `text_invalid`, `conversation_stopped`, `not_found`, `storage_full`
 */
export async function send_text(device, { conversation: id, text, reply, mentions }) {
  return device.store.transaction(async (changes) => {
    const conversation = await writable(changes, id);
    const message = await store_own_message(changes, device, conversation, { text, reply, mentions });
    await drop_draft(changes, id);
    return { id: message.id };
  });
}

/**
 * Sends a failed one again, under its old content id.
 * @param {Device} device
 * @param {{ conversation: string, id: string }} wish
 */
export async function retry(device, { conversation: id, id: content_id }) {
  await device.store.transaction(async (changes) => {
    const conversation = await writable(changes, id);
    const message = await find_message(changes, id, content_id);
    if (!message || !message.own || message.status !== "failed" || message.deleted) throw new Talk2meError("not_found");
    await set_status(changes, conversation, message.order, "waiting");
    if (!(await resume_uploads(changes, device, message))) queue_own_message(changes, device, conversation, message);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
}
