// @ts-check
// The forms of an application message's content (docs/protocol.md 8).
import { is_bytes } from "../codec/bytes.js";
import { has_exactly, is_integer, is_list, is_text } from "../codec/fields.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ sequence: number, transcript: Bytes }} Seen */
/** @typedef {{ seq: number, hash: Bytes }} ChainHead */
/** @typedef {{ size: number, root: Bytes, signature: Bytes }} Checkpoint the newest of the key log that the sender has checked */
/**
 * @typedef {{ type: "text", body: { text: string } } | { type: "receipt", body: { delivered: Bytes[] } } |
 *   { type: "introduction", body: { invitation: Bytes | null } }} TypedBody
 */
/** @typedef {{ id: Bytes, time: number, seen: Seen, chain: ChainHead, checkpoint: Checkpoint | null }} ContentHead */
/** @typedef {ContentHead & TypedBody} Content time is the sender's, unix ms */
/** @typedef {ContentHead & { type: "unknown" }} UnknownContent of a newer version; its body is not looked at */

export const TEXT_LIMIT = 16_384;
// The latest time that a Date holds (ECMAScript, "Time Values"): no page can show a later one.
const LATEST_TIME = 8_640_000_000_000_000;
const MOST_RECEIPTS = 256;
const FIELDS = ["v", "type", "id", "time", "seen", "chain", "checkpoint", "body"];

/** @type {Record<string, (body: unknown) => boolean>} */
const BODIES = {
  text: (body) => has_exactly(body, ["text"]) && is_text(body.text, 1, TEXT_LIMIT),
  receipt: (body) => has_exactly(body, ["delivered"]) && is_list(body.delivered, MOST_RECEIPTS, is_id),
  introduction: (body) => has_exactly(body, ["invitation"]) && (body.invitation === null || is_id(body.invitation)),
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
