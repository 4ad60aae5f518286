// @ts-check
// Messages and what was read of them, out of an account file.
import { is_integer } from "../codec/fields.js";
import { content_index_id, message_id } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { FileRecord } from "../protocol/account_file.js" */
/** @import { Conversation, Message } from "./records.js" */

/**
 * @param {Changes} changes that have the conversations in them already
 * @param {FileRecord[]} history
 */
export async function put_history(changes, history) {
  for (const record of history) {
    if (record.type === "conversation") await put_conversation(changes, /** @type {any} */ (record).conversation);
    if (record.type === "message") await put_message(changes, /** @type {any} */ (record));
  }
}

/** @param {Changes} changes @param {Conversation} old */
async function put_conversation(changes, old) {
  await changes.update("conversations", old.id, (conversation) => {
    const { suite, unread, next_order, next_outgoing, read_order, last, time } = old;
    Object.assign(conversation, { suite, unread, next_order, next_outgoing, read_order, last, time });
  });
}

/** @param {Changes} changes @param {{ conversation: string, message: Message }} record */
async function put_message(changes, { conversation, message }) {
  if (!is_integer(message?.order, 1) || !(await changes.get("conversations", conversation))) return;
  // What had not left the old browser by then can't leave from here.
  const status = message.own && message.status === "waiting" ? "failed" : message.status;
  changes.put("messages", message_id(conversation, message.order), { ...message, status });
  changes.put("messages", content_index_id(conversation, message.id), { order: message.order });
}
