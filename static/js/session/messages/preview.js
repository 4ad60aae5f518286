// @ts-check
// What the list of conversations shows of the last message.
import { message_id, message_prefix } from "../records.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Conversation, LastMessage, Message } from "../records.js" */

/** @param {Message} message @returns {LastMessage} */
export function preview_of({ text = "", own, author, type, time, status, order, files, deleted }) {
  return {
    ...{ text, own, author, time, status, order },
    ...(type === "join_request" ? { type } : {}),
    ...(files?.length ? { files: files.map(({ name }) => name) } : {}),
    ...(deleted ? { deleted } : {}),
  };
}

/**
 * A message says something else now, or is gone.
 * @param {Changes} changes
 * @param {Conversation} conversation altered in place
 * @param {Message} message
 */
export async function refresh_preview(changes, conversation, message) {
  if (conversation.last?.order !== message.order) return;
  for (let before; ; ) {
    /** @type {Message | undefined} */
    const newest = await changes.first("messages", { prefix: message_prefix(conversation.id), newest_first: true, ...(before ? { before } : {}) });
    if (newest?.type === "notice") before = message_id(conversation.id, newest.order);
    else {
      conversation.last = newest ? preview_of(newest) : null;
      return;
    }
  }
}
