// @ts-check
// The forms of what stands in a vault's lists (docs/protocol.md 4).
import { is_bytes } from "../codec/bytes.js";
import { has_exactly, is_integer, is_list, is_text } from "../codec/fields.js";
import { HPKE_PUBLIC_KEY_LENGTH } from "../crypto/hpke.js";

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
 * @typedef {{ mailbox: Bytes, kind: "direct" | "group", peers: Bytes[], state: "request" | "active" | "declined",
 *   archive: boolean, time: number }} ConversationEntry `time`: of the choice in `archive`, 0 for none
 */
/** @typedef {{ generation: number, key: Bytes }} ArchiveKey generations are counted from 1 */
/**
 * @typedef {{ key: Bytes, hpke: Bytes, kind: "key" | "passkey", name: string, created: number }} RecoveryEntry
 *   `key`: the signing public key that stands in the chain
 */
/**
 * @typedef {{ device: Bytes, hpke: Bytes, name: string, verified: boolean, links: number, time: number }} DeviceEntry
 *   `links`: how many links it has in the archive
 */

/** Far over what fits into a vault's megabyte; the size is what really limits. */
export const MOST_ENTRIES = 100_000;
const MOST_NAME = 64;

/** @param {unknown} value @returns {value is Bytes} */
const is_id = (value) => is_bytes(value, 16);
/** @param {unknown} value @returns {value is Bytes} */
const is_key = (value) => is_bytes(value, 32);
/** @param {unknown} value @param {string[]} words */
const is_word = (value, words) => typeof value === "string" && words.includes(value);
/** @param {unknown} value @returns {value is string} */
export const is_name = (value) => is_text(value, 0, MOST_NAME);

/** @param {unknown} value @returns {value is Contact} */
export function is_contact(value) {
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
export function is_invitation(value) {
  return (
    has_exactly(value, ["token", "created", "expires"]) &&
    is_id(value.token) &&
    is_integer(value.created) &&
    is_integer(value.expires)
  );
}

/** @param {unknown} value @returns {value is ConversationEntry} */
export function is_conversation(value) {
  return (
    has_exactly(value, ["mailbox", "kind", "peers", "state", "archive", "time"]) &&
    is_conversation_state(value) &&
    typeof value.archive === "boolean" &&
    is_integer(value.time)
  );
}

/** What every release has said of a conversation. @param {Record<string, unknown>} value */
export function is_conversation_state({ mailbox, kind, peers, state }) {
  return (
    is_id(mailbox) &&
    is_word(kind, ["direct", "group"]) &&
    is_list(peers, MOST_ENTRIES, is_id) &&
    is_word(state, ["request", "active", "declined"])
  );
}

/** @param {unknown} value @returns {value is ArchiveKey} */
export function is_archive_key(value) {
  return has_exactly(value, ["generation", "key"]) && is_integer(value.generation, 1) && is_key(value.key);
}

/** @param {unknown} value @returns {value is RecoveryEntry} */
export function is_recovery(value) {
  return (
    has_exactly(value, ["key", "hpke", "kind", "name", "created"]) &&
    is_key(value.key) &&
    is_bytes(value.hpke, HPKE_PUBLIC_KEY_LENGTH) &&
    is_word(value.kind, ["key", "passkey"]) &&
    is_name(value.name) &&
    is_integer(value.created)
  );
}

/** @param {unknown} value @returns {value is DeviceEntry} */
export function is_device(value) {
  return (
    has_exactly(value, ["device", "hpke", "name", "verified", "links", "time"]) &&
    is_id(value.device) &&
    is_bytes(value.hpke, HPKE_PUBLIC_KEY_LENGTH) &&
    is_name(value.name) &&
    typeof value.verified === "boolean" &&
    is_integer(value.links) &&
    is_integer(value.time)
  );
}

/** @param {unknown} value @returns {value is boolean | number | string} */
export function is_plain_setting(value) {
  return ["boolean", "number", "string"].includes(typeof value);
}
