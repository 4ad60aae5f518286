// @ts-check
import { pin_prefix } from "../records.js";
import { expiry_id } from "./expiry.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Message } from "../records.js" */

/**
 * By what a message that is stored as it was elsewhere is found: what is pinned, and what disappears.
 * @param {Changes} changes
 * @param {string} conversation
 * @param {Message} message
 */
export function keep_marks(changes, conversation, { id, order, pinned, expires }) {
  if (pinned?.on) changes.put("messages", `${pin_prefix(conversation)}${id}`, { order, time: pinned.time });
  if (expires !== undefined) changes.put("messages", expiry_id(conversation, { order }, expires), { conversation, order, expires });
}
