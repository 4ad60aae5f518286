// @ts-check
// What the session keeps, by store, and how record ids are formed. Ids of accounts, devices, mailboxes and contents are
// base64url text in records; keys, hashes and bodies are bytes.

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { ChainState } from "../protocol/account_chain.js" */
/** @import { Verification } from "../protocol/vault_contents.js" */
/** @import { Wrap } from "../protocol/vault.js" */
/**
 * @typedef {{ account: string, chain: ChainState, fetched: number, own: boolean, added: number,
 *   verified: Verification | null, changed: ChainState | null, proven?: number }} Contact `chain` is what is pinned; `changed`
 *   another identity that the server showed since; `proven`: size of the key log that has shown it, 0 or nothing for none yet
 *
 * @typedef {{ account: string, username: string, device: string, created: number, recovery_confirmed: boolean }} Profile
 * @typedef {{ identity_seed: Bytes, archive_key: Bytes, vault_key: Bytes, wraps: Wrap[] }} Secrets
 *
 * @typedef {{ text: string, own: boolean, time: number, status: string, order: number }} LastMessage
 * @typedef {{ id: string, kind: "direct" | "group", peer: string, suite: number,
 *   state: "request" | "active" | "declined" | "stopped", stopped: string | null,
 *   before_stop: "request" | "active" | "declined", mailboxes: string[], unread: number, next_order: number,
 *   next_outgoing: number, read_order: number, last: LastMessage | null, time: number, receipts_due: string[]
 *   }} Conversation `mailboxes`: those whose group this device is in; `time` sorts the list
 * @typedef {"waiting" | "stored" | "delivered" | "failed"} Status
 * @typedef {{ id: string, order: number, own: boolean, author: string, type: "text" | "notice" | "unknown", text?: string,
 *   code?: string, time: number, received: number, clock_ahead?: true, status: Status, error?: string }} Message
 *   `clock_ahead`: its author's clock was more than ten minutes ahead of this device's when it came
 *
 * @typedef {{ mailbox: string, conversation: string, sequence: number, slot: number, fresh: boolean, repair: boolean,
 *   behind: boolean, refused: "no" | "yes" | "covered", differs: boolean, spent?: number }} Cursor `sequence`: the last one processed;
 *   `fresh`: this device has committed or joined by its own commit; `repair`: a commit of ours has to put the server's
 *   subscribers or group info right; `behind`: others are in an epoch that this device can't reach by itself; `refused`: a
 *   commit was, and nothing since has shown whether the others did too (`covered`: and this device has committed since);
 *   `differs`: the last transcript that another told was not ours; `spent`: up to there another state of this device may have
 *   used the keys that this one has, so that it has to join anew before it sends
 * @typedef {{ sequence: number, hashes: Bytes }} Transcript `hashes`: 32 bytes for each of the last sequences, the last one
 *   being that of `sequence`
 *
 * @typedef {{ id: string, slot: number, body: Bytes, commitment: Bytes }} Envelope
 * @typedef {{ key: string, conversation: string, content_id: string, type: "text" | "receipt" | "introduction", body: any,
 *   time: number, order: number | null, mailbox: string | null, envelope: Envelope | null, accepted: boolean }} Outgoing
 * @typedef {{ mailbox: string, id: string, slot: number, body: Bytes, members: Bytes[], subscribers: Bytes[],
 *   welcomes: { device: Bytes, id: Bytes, body: Bytes }[], group_info: Bytes, create: boolean }} OutgoingCommit
 * @typedef {{ reference: Bytes, suite: number, key_package: Bytes, private_part: Bytes, created: number, not_after: number,
 *   last_resort: boolean }} KeyPackage times in unix ms
 */

/** Orders and counters sort as text. @param {number} number */
const sortable = (number) => number.toString(16).padStart(14, "0");

/** @param {string} conversation */
export const message_prefix = (conversation) => `m/${conversation}/`;
/** @param {string} conversation @param {number} order */
export const message_id = (conversation, order) => `${message_prefix(conversation)}${sortable(order)}`;
/** Where a content id was stored. @param {string} conversation @param {string} content_id */
export const content_index_id = (conversation, content_id) => `i/${conversation}/${content_id}`;
/** @param {string} conversation */
export const outgoing_prefix = (conversation) => `m/${conversation}/`;
/** @param {string} conversation @param {number} number */
export const outgoing_id = (conversation, number) => `${outgoing_prefix(conversation)}${sortable(number)}`;
/** @param {string} mailbox */
export const outgoing_commit_id = (mailbox) => `c/${mailbox}`;
/** @param {string} mailbox @param {boolean} pending */
export const group_prefix = (mailbox, pending) => `${pending ? "pending" : "group"}/${mailbox}/`;

/** Before the first envelope. @param {string} mailbox @param {string} conversation @returns {Cursor} */
export function new_cursor(mailbox, conversation) {
  return {
    mailbox,
    conversation,
    sequence: 0,
    slot: 0,
    fresh: false,
    repair: false,
    behind: false,
    refused: "no",
    differs: false,
  };
}
