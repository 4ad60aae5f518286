// @ts-check
// Takes a message away from this device, with all that was said about it.
import { noted_key } from "../archive/note_archive.js";
import { forget_kept } from "../files/forget_there.js";
import { content_index_id, message_id, pin_prefix, proof_ids, waiting_prefix } from "../records.js";
import { mark_changed } from "../search/mark_changed.js";
import { expiry_id } from "./expiry.js";
import { refresh_preview } from "./preview.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message } from "../records.js" */

/**
 * Nothing of it is left, and nothing on the server of what this device had kept of it.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place; the caller stores it
 * @param {Message} message
 */
export async function remove_message(changes, device, conversation, message) {
  const { id, order, expires } = message;
  changes.delete("messages", message_id(conversation.id, order));
  changes.delete("messages", content_index_id(conversation.id, id));
  changes.delete("messages", `${pin_prefix(conversation.id)}${id}`);
  for (const proof of proof_ids(conversation.id, message)) changes.delete("messages", proof);
  if (expires !== undefined) changes.delete("messages", expiry_id(conversation.id, message, expires));
  for (const waiting of await changes.list("messages", waiting_prefix(conversation.id, id))) changes.delete("messages", waiting.id);
  if (await changes.get("outbox", noted_key(message))) changes.delete("outbox", noted_key(message));
  if (counts_as_new(message) && order > conversation.read_order && conversation.unread > 0) conversation.unread -= 1;
  forget_kept(changes, device, message);
  mark_changed(changes, conversation.id, order);
  await refresh_preview(changes, conversation, message);
}

/** Others' messages are read or not; what somebody gave of the past was never new. @param {Message} message */
export const counts_as_new = ({ own, type, shared_by }) => !own && type !== "notice" && !shared_by;

/**
 * Its id stays known, so that it is not put here again by the archive.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place; the caller stores it
 * @param {Message} message
 */
export async function hide_message(changes, device, conversation, message) {
  await remove_message(changes, device, conversation, message);
  changes.put("messages", content_index_id(conversation.id, message.id), { order: message.order });
}
