// @ts-check
// What an application message's content does to a conversation, inside the batch's transaction.
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { add_message, set_status } from "./conversation_log.js";
import { content_index_id } from "./records.js";
import { mark_vault } from "./keep_vault.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Content, UnknownContent } from "../protocol/content_schema.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation } from "./records.js" */
/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Invitation } from "../protocol/vault_contents.js" */

// As many as one receipt can name are owed at most; older ones were never asked for.
const MOST_DUE = 1024;
// Clocks of two honest devices differ by less: milliseconds.
const CLOCK_SLACK = 600_000;

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {{ author: string, content: Content | UnknownContent }} item
 */
export async function take_content(changes, device, conversation, { author, content }) {
  const own = author === device.own.account;
  if (content.type === "receipt") {
    if (!own) await take_receipt(changes, conversation, content.body.delivered);
  } else if (content.type === "introduction") {
    if (!own) await take_introduction(changes, device, conversation, content.body.invitation);
  } else await take_message(changes, device, conversation, author, own, content);
}

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {string} author
 * @param {boolean} own sent by another device of this account
 * @param {{ id: Bytes, time: number } & ({ type: "text", body: { text: string } } | { type: "unknown" })} content
 */
async function take_message(changes, device, conversation, author, own, content) {
  const id = to_base64url(content.id);
  const received = device.now();
  // Encrypted a second time under the same content id: the first one counts.
  if (await changes.get("messages", content_index_id(conversation.id, id))) return;
  add_message(changes, conversation, {
    id,
    own,
    author,
    type: content.type,
    ...(content.type === "text" ? { text: content.body.text } : {}),
    time: content.time,
    received,
    // Nothing is shown by the server's clock; what the author's says is shown, and that it can't be right.
    ...(content.time > received + CLOCK_SLACK ? { clock_ahead: true } : {}),
    status: "stored",
  });
  if (own) return;
  const { receipts = true } = (await changes.get("meta", "settings")) ?? {};
  if (receipts && conversation.receipts_due.length < MOST_DUE) conversation.receipts_due.push(id);
}

/** @param {Changes} changes @param {Conversation} conversation @param {Bytes[]} delivered */
async function take_receipt(changes, conversation, delivered) {
  for (const id of delivered) {
    const found = await changes.get("messages", content_index_id(conversation.id, to_base64url(id)));
    if (found) await set_status(changes, conversation, found.order, "delivered");
  }
}

/**
 * Whoever brings a token of ours was asked to write: no request is shown.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {Bytes | null} token
 */
async function take_introduction(changes, device, conversation, token) {
  if (conversation.state !== "request" || !token) return;
  /** @type {Invitation[]} */
  const invitations = (await changes.get("meta", "invitations")) ?? [];
  if (!invitations.some((own) => equal(own.token, token) && own.expires > device.now())) return;
  conversation.state = "active";
  await mark_vault(changes, device);
}
