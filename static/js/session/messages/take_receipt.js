// @ts-check
// Somebody says what has come, and what was read.
import { to_base64url } from "../../codec/base64url.js";
import { set_status } from "../conversation_log.js";
import { message_id } from "../records.js";
import { find_message } from "./find_message.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Content } from "../../protocol/content_schema.js" */
/** @import { Conversation } from "../records.js" */
/** @import { Taker } from "../take_content.js" */
/** @typedef {{ account: string, kind: "delivered" | "read", time: number }} Said */

/** @type {Taker} */
export async function take_receipt(changes, device, conversation, { author, own }, /** @type {Extract<Content, { type: "receipt" }>} */ { body, time }) {
  if (own) return;
  const said_at = Math.min(time, device.now());
  for (const id of body.delivered) await note_receipt(changes, conversation, to_base64url(id), { account: author, kind: "delivered", time: said_at });
  for (const id of body.read ?? []) await note_receipt(changes, conversation, to_base64url(id), { account: author, kind: "read", time: said_at });
}

/**
 * Of one's own messages alone, and of those that have left. What somebody has said once stays so.
 * @param {Changes} changes
 * @param {Conversation} conversation
 * @param {string} id
 * @param {Said} said
 */
async function note_receipt(changes, conversation, id, { account, kind, time }) {
  const message = await find_message(changes, conversation.id, id);
  if (!message?.own || message.type !== "text") return;
  const before = message.receipts?.[account];
  if (before?.[kind] === undefined) {
    message.receipts = { ...message.receipts, [account]: { ...before, [kind]: time } };
    changes.put("messages", message_id(conversation.id, message.order), message);
  }
  await set_status(changes, conversation, message.order, kind);
}
