// @ts-check
// Takes what a person wrote: it is shown and kept at once, and leaves as soon as it can.
import { to_base64url } from "../codec/base64url.js";
import { is_text } from "../codec/fields.js";
import { is_well_formed } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";
import { TEXT_LIMIT } from "../protocol/content_schema.js";
import { add_message, set_status, tell_conversation } from "./conversation_log.js";
import { accept_in } from "./accept_request.js";
import { content_index_id, message_id } from "./records.js";
import { queue_content } from "./queue_content.js";

/** @import { Device } from "./device.js" */
/** @import { Changes } from "../store/changes.js" */
/** @import { Conversation, Message } from "./records.js" */

/**
 * @param {Device} device
 * @param {{ conversation: string, text: string }} wish
 * @returns {Promise<{ id: string }>}
 * @throws {Talk2meError} `text_invalid`, `conversation_stopped`, `not_found`, `storage_full`
 */
export async function send_text(device, { conversation: id, text }) {
  if (!is_text(text, 1, TEXT_LIMIT) || !is_well_formed(text)) throw new Talk2meError("text_invalid");
  const content_id = to_base64url(device.random(16));
  await device.store.transaction(async (changes) => {
    const conversation = await writable(changes, id);
    await accept_in(changes, device, conversation);
    const now = device.now();
    const { order } = add_message(changes, conversation, {
      id: content_id,
      own: true,
      author: device.own.account,
      type: "text",
      text,
      time: now,
      received: now,
      status: "waiting",
    });
    queue_content(changes, device, conversation, { type: "text", body: { text }, content_id, time: now, order });
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
  device.tasks.flush(id);
  return { id: content_id };
}

/**
 * Sends a failed one again, under its old content id.
 * @param {Device} device
 * @param {{ conversation: string, id: string }} wish
 */
export async function retry(device, { conversation: id, id: content_id }) {
  await device.store.transaction(async (changes) => {
    const conversation = await writable(changes, id);
    const index = await changes.get("messages", content_index_id(id, content_id));
    /** @type {Message | undefined} */
    const message = index && (await changes.get("messages", message_id(id, index.order)));
    if (!message || !message.own || message.status !== "failed") throw new Talk2meError("not_found");
    await set_status(changes, conversation, message.order, "waiting");
    const { time, order, text } = message;
    queue_content(changes, device, conversation, { type: "text", body: { text }, content_id, time, order });
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
  device.tasks.flush(id);
}

/** @param {Changes} changes @param {string} id @returns {Promise<Conversation>} */
async function writable(changes, id) {
  const conversation = await changes.get("conversations", id);
  if (!conversation) throw new Talk2meError("not_found");
  if (conversation.state === "stopped") throw new Talk2meError("conversation_stopped", { reason: conversation.stopped });
  return conversation;
}
