// @ts-check
// Somebody says that their account ends. It is their word, and no more is needed: it stops nothing but their own conversation.
import { add_notice } from "../conversation_log.js";
import { mark_vault } from "../vault/keep_vault.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */
/** @import { From, Taker } from "../take_content.js" */

const STOPPED = "account_deleted";

/** @type {Taker} */
export async function take_farewell(changes, device, conversation, { own, author }) {
  if (own || conversation.kind !== "direct" || conversation.state === "stopped") return;
  Object.assign(conversation, { state: "stopped", stopped: STOPPED, before_stop: conversation.state, receipts_due: [] });
  add_notice(changes, device, conversation, STOPPED, author);
  await mark_vault(changes, device);
}

/**
 * Who writes again is still there: the server has not done what it was asked.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {From} from
 */
export async function note_return(changes, device, conversation, { own }) {
  if (own || conversation.stopped !== STOPPED) return;
  Object.assign(conversation, { state: conversation.before_stop, stopped: null });
  await mark_vault(changes, device);
}
