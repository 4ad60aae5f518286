// @ts-check
// Where only admins write, what somebody else writes is not shown.
import { add_notice } from "../conversation_log.js";
import { message_prefix } from "../records.js";
import { rights_in } from "./group_rights.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message } from "../records.js" */

// Receipts and reactions say nothing of their own; whoever has written may take it back.
const WRITTEN = new Set(["text", "unknown", "edit", "pin", "timer"]);

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {string} author account
 * @param {string} type of the content
 * @returns {Promise<boolean>}
 */
export async function refuse_write(changes, device, conversation, author, type) {
  const { group, id } = conversation;
  if (!group || !WRITTEN.has(type) || (await rights_in(group, author))?.write !== false) return false;
  /** @type {Message | undefined} */
  const newest = await changes.first("messages", { prefix: message_prefix(id), newest_first: true });
  // Many in a row say no more than one.
  if (newest?.code !== "refused_write" || newest.author !== author) add_notice(changes, device, conversation, "refused_write", author);
  return true;
}
