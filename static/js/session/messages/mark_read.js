// @ts-check
import { tell_conversation } from "../conversation_log.js";
import { message_id, message_prefix } from "../records.js";
import { get_settings } from "../settings.js";
import { start_read_timer } from "./expire_messages.js";
import { may_owe, MOST_DUE } from "./owed_receipts.js";
import { counts_as_new } from "./remove_message.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message } from "../records.js" */

// Receipts of what is read within this time travel together: milliseconds.
const RECEIPT_WAIT = 400;

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
    const unread = await read_after(device, conversation);
    conversation.read_order = Math.min(order, conversation.next_order - 1);
    const read = unread.filter((message) => message.order <= conversation.read_order);
    conversation.unread = unread.length - read.length;
    for (const message of read) {
      if (start_read_timer(changes, device, conversation, message)) changes.put("messages", message_id(id, message.order), message);
    }
    await owe_receipts(changes, device, conversation, read);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
}

/** @param {Device} device @param {Conversation} conversation @returns {Promise<Message[]>} of others, that nobody here has read */
async function read_after(device, { id, read_order }) {
  const rows = await device.store.list("messages", { prefix: message_prefix(id), after: message_id(id, read_order) });
  return rows.map(({ value }) => value).filter(counts_as_new);
}

/**
 * Nothing is said to somebody new, nor where the person has not asked for it.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {Message[]} read
 */
async function owe_receipts(changes, device, conversation, read) {
  if (conversation.state !== "active" || read.length === 0) return;
  const { read_receipts = false } = await get_settings(changes);
  if (!read_receipts || !may_owe(conversation)) return;
  const due = read.filter(({ type, deleted }) => type === "text" && !deleted).map(({ id }) => id);
  conversation.reads_due = [...(conversation.reads_due ?? []), ...due].slice(-MOST_DUE);
  changes.after(() => device.tasks.flush(conversation.id, RECEIPT_WAIT));
}
