// @ts-check
// Messages and what was read of them, out of an account file.
import { is_integer } from "../../codec/fields.js";
import { new_group_conversation } from "../conversation_log.js";
import { keep_marks } from "../messages/keep_marks.js";
import { content_index_id, message_id } from "../records.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { FileRecord } from "../../protocol/account_file.js" */
/** @import { Conversation, GroupRecord, KeptPart, Message } from "../records.js" */

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
  // Of a group that the account is not in any more the vault says nothing.
  if (old.kind === "group" && !(await changes.get("conversations", old.id))) changes.put("conversations", old.id, ended_group(old));
  await changes.update("conversations", old.id, (conversation) => {
    const { suite, unread, next_order, next_outgoing, read_order, last, time, group } = old;
    Object.assign(conversation, { suite, unread, next_order, next_outgoing, read_order, last, time });
    if (old.timer_set) Object.assign(conversation, { timer: old.timer, timer_set: old.timer_set });
    if (conversation.group && group) conversation.group.kept = kept_parts(group);
  });
}

/** @param {Conversation} old */
function ended_group({ id, stopped, suite, time }) {
  const begun = new_group_conversation({ mailbox: id, state: "stopped", suite, time });
  return { ...begun, stopped: stopped ?? "removed", before_stop: "declined" };
}

/** Whether they still hold is seen when the group is joined. @param {GroupRecord} group @returns {KeptPart[]} */
function kept_parts({ roles, rights, settings, kept = [] }) {
  const held = Object.entries({ roles, rights, settings }).flatMap(([part, state]) => (state ? [{ ...state, part, time: 0 }] : []));
  return [.../** @type {KeptPart[]} */ (held), ...kept];
}

/** @param {Changes} changes @param {{ conversation: string, message: Message }} record */
async function put_message(changes, { conversation, message }) {
  if (!is_integer(message?.order, 1) || !(await changes.get("conversations", conversation))) return;
  // What had not left the old browser by then can't leave from here.
  const status = message.own && message.status === "waiting" ? "failed" : message.status;
  changes.put("messages", message_id(conversation, message.order), { ...message, status });
  changes.put("messages", content_index_id(conversation, message.id), { order: message.order });
  keep_marks(changes, conversation, message);
}
