// @ts-check
// The form of what a vault holds (docs/protocol.md 4). It was sealed by a device of the same account, perhaps of another
// release, so nothing is taken whose form is not exactly this one.
import { is_bytes } from "../codec/bytes.js";
import { has_exactly, is_integer, is_list, is_text } from "../codec/fields.js";

/** @import { Bytes } from "../codec/bytes.js" */
/**
 * @typedef {{ identity_key: Bytes, method: "digits" | "qr" | "link", time: number, log_size: number, log_root: Bytes }}
 *   Verification counts only while its `identity_key` is the contact's
 */
/**
 * @typedef {{ account: Bytes, username: string, identity_key: Bytes, seq: number, hash: Bytes, added: number,
 *   verified: Verification | null, blocked: boolean }} Contact times are unix ms
 */
/** @typedef {{ token: Bytes, created: number, expires: number }} Invitation */
/**
 * @typedef {{ mailbox: Bytes, kind: "direct" | "group", peers: Bytes[], state: "request" | "active" | "declined" }}
 *   ConversationEntry
 */
/**
 * @typedef {{ v: 1, identity_seed: Bytes, archive_key: Bytes, contacts: Contact[], invitations: Invitation[],
 *   conversations: ConversationEntry[], settings: Record<string, boolean | number | string> }} VaultContents
 */

// Far over what fits into a vault's megabyte; the size is what really limits.
const MOST = 100_000;

/** @param {unknown} value @returns {value is Bytes} */
const is_id = (value) => is_bytes(value, 16);
/** @param {unknown} value @returns {value is Bytes} */
const is_key = (value) => is_bytes(value, 32);
/** @param {unknown} value @param {string[]} words */
const is_word = (value, words) => typeof value === "string" && words.includes(value);

/**
 * @param {unknown} value
 * @returns {value is VaultContents}
 */
export function is_vault_contents(value) {
  return (
    has_exactly(value, ["v", "identity_seed", "archive_key", "contacts", "invitations", "conversations", "settings"]) &&
    value.v === 1 &&
    is_key(value.identity_seed) &&
    is_key(value.archive_key) &&
    is_list(value.contacts, MOST, is_contact) &&
    is_list(value.invitations, MOST, is_invitation) &&
    is_list(value.conversations, MOST, is_conversation) &&
    is_settings(value.settings)
  );
}

/** @param {unknown} value @returns {value is Contact} */
function is_contact(value) {
  return (
    has_exactly(value, ["account", "username", "identity_key", "seq", "hash", "added", "verified", "blocked"]) &&
    is_id(value.account) &&
    is_text(value.username, 1, 255) &&
    is_key(value.identity_key) &&
    is_integer(value.seq, 1) &&
    is_key(value.hash) &&
    is_integer(value.added) &&
    (value.verified === null || is_verification(value.verified)) &&
    typeof value.blocked === "boolean"
  );
}

/** @param {unknown} value @returns {value is Verification} */
function is_verification(value) {
  return (
    has_exactly(value, ["identity_key", "method", "time", "log_size", "log_root"]) &&
    is_key(value.identity_key) &&
    is_word(value.method, ["digits", "qr", "link"]) &&
    is_integer(value.time) &&
    is_integer(value.log_size) &&
    is_key(value.log_root)
  );
}

/** @param {unknown} value @returns {value is Invitation} */
function is_invitation(value) {
  return (
    has_exactly(value, ["token", "created", "expires"]) &&
    is_id(value.token) &&
    is_integer(value.created) &&
    is_integer(value.expires)
  );
}

/** @param {unknown} value @returns {value is ConversationEntry} */
function is_conversation(value) {
  return (
    has_exactly(value, ["mailbox", "kind", "peers", "state"]) &&
    is_id(value.mailbox) &&
    is_word(value.kind, ["direct", "group"]) &&
    is_list(value.peers, MOST, is_id) &&
    is_word(value.state, ["request", "active", "declined"])
  );
}

/** @param {unknown} value @returns {value is VaultContents["settings"]} */
function is_settings(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) return false;
  return Object.values(value).every((held) => ["boolean", "number", "string"].includes(typeof held));
}
