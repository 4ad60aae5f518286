// @ts-check
import { tell_conversation } from "./conversation_log.js";
import { message_prefix } from "./records.js";

/** @import { Device } from "./device.js" */
/** @import { Conversation, Message } from "./records.js" */

/**
 * Everything up to `order` was seen.
 * @param {Device} device
 * @param {{ conversation: string, order: number }} wish
 */
export async function mark_read(device, { conversation: id, order }) {
  await device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    if (!conversation || order <= conversation.read_order) return;
    conversation.read_order = Math.min(order, conversation.next_order - 1);
    conversation.unread = await count_after(device, conversation);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
}

/** @param {Device} device @param {Conversation} conversation */
async function count_after(device, { id, read_order, next_order }) {
  if (read_order + 1 >= next_order) return 0;
  const limit = next_order - 1 - read_order;
  const rows = await device.store.list("messages", { prefix: message_prefix(id), newest_first: true, limit });
  return rows
    .map(({ value }) => /** @type {Message} */ (value))
    .filter((message) => message.order > read_order && !message.own && message.type !== "notice").length;
}

