// @ts-check
// The forms of an application message's content (docs/protocol.md 8).
import { is_bytes } from "../codec/bytes.js";
import { has_exactly, has_fields, is_integer, is_list, is_text } from "../codec/fields.js";
import { is_file, is_sealed_file } from "./file_schema.js";
import { is_part_name, PARTS } from "./group_parts.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { FileBody, SealedFileBody } from "./file_schema.js" */
/** @import { PartName } from "./group_state.js" */
/** @typedef {{ sequence: number, transcript: Bytes }} Seen */
/** @typedef {{ seq: number, hash: Bytes }} ChainHead */
/** @typedef {{ size: number, root: Bytes, signature: Bytes }} Checkpoint the newest of the key log that the sender has checked */
/** @typedef {{ id: Bytes, author: Bytes, text: string }} ReplyBody what is answered to, with its beginning as whoever answers saw it */
/**
 * @typedef {{ text: string, reply?: ReplyBody, mentions?: Bytes[], forwarded?: true, files?: FileBody[], timer?: number }} TextBody
 *   `timer`: seconds after which it is deleted on both sides
 */
/** @typedef {{ file: SealedFileBody, for: Bytes[], count: number }} HistoryBody past messages, `count` of them, for accounts that were just let in */
/**
 * @typedef {{ type: "text", body: TextBody } | { type: "receipt", body: { delivered: Bytes[], read?: Bytes[] } } |
 *   { type: "introduction", body: { invitation: Bytes | null } } |
 *   { type: "edit", body: { to: Bytes, text: string, mentions?: Bytes[] } } | { type: "delete", body: { to: Bytes } } |
 *   { type: "reaction", body: { to: Bytes, emoji: string | null } } | { type: "pin", body: { to: Bytes, pinned: boolean } } |
 *   { type: "timer", body: { seconds: number } } | { type: "farewell", body: {} } |
 *   { type: "state", body: { part: PartName, salt: Bytes, value: Bytes } } |
 *   { type: "state_wish", body: { hashes: Bytes[] } } |
 *   { type: "join_request", body: { group: Bytes, token: Bytes } } | { type: "history", body: HistoryBody }} TypedBody
 */
/** @typedef {{ id: Bytes, time: number, seen: Seen, chain: ChainHead, checkpoint: Checkpoint | null }} ContentHead */
/** @typedef {Extract<TypedBody, { type: "edit" | "delete" | "reaction" | "pin" }>} Change what somebody does to a message that is there */
/** @typedef {ContentHead & TypedBody} Content time is the sender's, unix ms */
/** @typedef {ContentHead & { type: "unknown" }} UnknownContent of a newer version; its body is not looked at */

export const TEXT_LIMIT = 16_384;
/** Of what a reply repeats, in code points. */
export const QUOTE_LIMIT = 240;
/** The longest time after which messages disappear: seconds in 52 weeks. */
export const LONGEST_TIMER = 31_449_600;
export const MOST_FILES = 16;
export const MOST_MENTIONS = 64;
export const MOST_RECEIPTS = 256;
/** Messages that one member gives to somebody new. */
export const MOST_SHARED = 1_000;
/** Accounts that they are for. */
export const MOST_GIVEN = 64;
/** Bytes of what they are sealed from. */
export const HISTORY_LIMIT = 8_388_608;
// The latest time that a Date holds (ECMAScript, "Time Values"): no page can show a later one.
export const LATEST_TIME = 8_640_000_000_000_000;
/** Of a reaction, in code points. */
export const EMOJI_LIMIT = 32;
const STATE_LIMIT = 65_536;
const CHANGES = ["edit", "delete", "reaction", "pin"];
const FIELDS = ["v", "type", "id", "time", "seen", "chain", "checkpoint", "body"];

/** @type {Record<string, (body: unknown) => boolean>} */
const BODIES = {
  text: is_text_body,
  receipt: (body) =>
    has_fields(body, ["delivered"], ["read"]) &&
    is_list(body.delivered, MOST_RECEIPTS, is_id) &&
    (body.read === undefined || is_list(body.read, MOST_RECEIPTS, is_id)),
  introduction: (body) => has_exactly(body, ["invitation"]) && (body.invitation === null || is_id(body.invitation)),
  edit: (body) =>
    has_fields(body, ["to", "text"], ["mentions"]) && is_id(body.to) && is_text(body.text, 1, TEXT_LIMIT) && are_mentions(body.mentions),
  delete: (body) => has_exactly(body, ["to"]) && is_id(body.to),
  reaction: (body) =>
    has_exactly(body, ["to", "emoji"]) && is_id(body.to) && (body.emoji === null || is_text(body.emoji, 1, EMOJI_LIMIT)),
  pin: (body) => has_exactly(body, ["to", "pinned"]) && is_id(body.to) && typeof body.pinned === "boolean",
  timer: (body) => has_exactly(body, ["seconds"]) && is_integer(body.seconds) && body.seconds <= LONGEST_TIMER,
  farewell: (body) => has_exactly(body, []),
  state: (body) =>
    has_exactly(body, ["part", "salt", "value"]) &&
    is_part_name(body.part) &&
    is_bytes(body.salt, 32) &&
    body.value instanceof Uint8Array &&
    body.value.length <= STATE_LIMIT,
  state_wish: (body) => has_exactly(body, ["hashes"]) && is_list(body.hashes, PARTS.length, is_hash),
  join_request: (body) => has_exactly(body, ["group", "token"]) && is_id(body.group) && is_id(body.token),
  history: (body) =>
    has_exactly(body, ["file", "for", "count"]) &&
    is_sealed_file(body.file, HISTORY_LIMIT) &&
    is_list(body.for, MOST_GIVEN, is_id) &&
    body.for.length > 0 &&
    is_integer(body.count, 1) &&
    body.count <= MOST_SHARED,
};

/**
 * @param {unknown} value as it was unpacked
 * @returns {Content | UnknownContent | null} null when its form is none of these
 */
export function read_content(value) {
  if (!has_exactly(value, FIELDS) || value.v !== 1 || !is_head(value) || !is_text(value.type, 1, 64)) return null;
  const { id, time, seen, chain, checkpoint } = value;
  const head = { id, time, seen, chain, checkpoint };
  if (!Object.hasOwn(BODIES, value.type)) return { ...head, type: "unknown" };
  if (!BODIES[value.type](value.body)) return null;
  return { ...head, .../** @type {TypedBody} */ ({ type: value.type, body: value.body }) };
}

/** What a change looks like in an archive. @param {Record<string, unknown>} value `{ type, body }` @returns {Change | null} */
export function read_change({ type, body }) {
  if (typeof type !== "string" || !CHANGES.includes(type) || !BODIES[type](body)) return null;
  return /** @type {Change} */ ({ type, body });
}

/** @param {Record<string, unknown>} value @returns {value is ContentHead & Record<string, unknown>} */
function is_head(value) {
  return (
    is_id(value.id) &&
    is_integer(value.time) &&
    value.time <= LATEST_TIME &&
    has_exactly(value.seen, ["sequence", "transcript"]) &&
    is_integer(value.seen.sequence) &&
    is_bytes(value.seen.transcript, 32) &&
    has_exactly(value.chain, ["seq", "hash"]) &&
    is_integer(value.chain.seq, 1) &&
    is_bytes(value.chain.hash, 32) &&
    (value.checkpoint === null || is_checkpoint(value.checkpoint))
  );
}

/** @param {unknown} value @returns {value is Checkpoint} */
function is_checkpoint(value) {
  return (
    has_exactly(value, ["size", "root", "signature"]) &&
    is_integer(value.size, 1) &&
    is_bytes(value.root, 32) &&
    is_bytes(value.signature, 64)
  );
}

/** @param {unknown} value @returns {value is Bytes} */
function is_id(value) {
  return is_bytes(value, 16);
}

/** @param {unknown} value @returns {value is Bytes} */
function is_hash(value) {
  return is_bytes(value, 32);
}

/** A text, or files with or without one. @param {unknown} body @returns {body is TextBody} */
export function is_text_body(body) {
  return (
    has_fields(body, ["text"], ["reply", "mentions", "forwarded", "files", "timer"]) &&
    (body.files === undefined || (is_list(body.files, MOST_FILES, is_file) && body.files.length > 0)) &&
    is_text(body.text, body.files ? 0 : 1, TEXT_LIMIT) &&
    (body.reply === undefined || is_reply(body.reply)) &&
    are_mentions(body.mentions) &&
    (body.forwarded === undefined || body.forwarded === true) &&
    (body.timer === undefined || (is_integer(body.timer, 1) && body.timer <= LONGEST_TIMER))
  );
}

/** @param {unknown} value @returns {value is ReplyBody} */
function is_reply(value) {
  return has_exactly(value, ["id", "author", "text"]) && is_id(value.id) && is_id(value.author) && is_text(value.text, 0, QUOTE_LIMIT);
}

/** @param {unknown} value */
function are_mentions(value) {
  return value === undefined || (is_list(value, MOST_MENTIONS, is_id) && value.length > 0);
}
