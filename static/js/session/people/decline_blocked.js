// @ts-check
// A welcome by a blocked account: taken note of as something declined, and answered by nothing.
import { from_base64url } from "../../codec/base64url.js";
import { tell_conversation } from "../conversation_log.js";
import { mark_vault } from "../vault/keep_vault.js";
import { is_blocked } from "./blocked.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */

/**
 * Where this device talks with them already, another group of theirs is taken in, out of sight: after unblocking both read the same.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation that the welcome is for; stored here if it is declined
 * @param {{ mailbox: string, inviter: string }} welcome
 * @returns {Promise<boolean>} whether it was declined
 */
export async function decline_blocked(changes, device, conversation, { mailbox, inviter }) {
  if (conversation.mailboxes.length > 0 || !(await is_blocked(changes, inviter))) return false;
  const left = [...(conversation.left ?? []), mailbox];
  changes.put("conversations", conversation.id, { ...conversation, state: "declined", state_time: device.now(), left });
  await mark_vault(changes, device);
  tell_conversation(changes, device, conversation.id);
  changes.after(() => device.background(() => device.request({ type: "subscription.end", mailbox: from_base64url(mailbox) })));
  return true;
}
