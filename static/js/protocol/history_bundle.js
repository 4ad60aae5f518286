// @ts-check
// docs/protocol.md 14: past messages of a group, as one member gives them to somebody new. All of it is right, or none of it is taken.
import { equal, to_hex } from "../codec/bytes.js";
import { has_exactly, is_list } from "../codec/fields.js";
import { pack, unpack } from "../codec/msgpack.js";
import { Talk2meError } from "../errors.js";
import { is_shared } from "./archive_schema.js";
import { HISTORY_LIMIT, MOST_SHARED } from "./content_schema.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { SharedBody } from "./archive_schema.js" */
/** @typedef {{ group: Uint8Array, by: Uint8Array, before: number, count: number }} Expected `by`: the account that gives it; `before`: the sequence of the commit that let in whom it is for */

// More people have hardly written a thousand messages, and each of them is asked about.
const MOST_AUTHORS = 256;
// Of what stands around the messages.
const FRAME = 64;

/** @param {SharedBody[]} messages in the mailbox's order @returns {Bytes} */
export function pack_history(messages) {
  return pack({ v: 1, messages });
}

/**
 * Leaves out the oldest where there is no room for all of them.
 * @param {SharedBody[]} messages in the mailbox's order
 * @param {number} [limit] bytes
 * @returns {SharedBody[]}
 */
export function fit_history(messages, limit = HISTORY_LIMIT) {
  let room = limit - FRAME;
  let from = messages.length;
  while (from > 0) {
    room -= pack(messages[from - 1]).length;
    if (room < 0) break;
    from -= 1;
  }
  return messages.slice(from);
}

/**
 * @param {Uint8Array} bytes
 * @param {Expected} expected
 * @returns {SharedBody[]} in the mailbox's order
 * @throws {Talk2meError} `history_invalid`
 */
export function read_history(bytes, expected) {
  const value = unpack_or_refuse(bytes);
  if (!has_exactly(value, ["v", "messages"]) || value.v !== 1 || !is_list(value.messages, MOST_SHARED, is_shared)) throw refusal();
  const { messages } = value;
  if (messages.length !== expected.count || !messages.every((message) => belongs(message, expected))) throw refusal();
  if (!rises(messages) || count(messages.map(({ id }) => id)) < messages.length) throw refusal();
  if (count(messages.map(({ author }) => author)) > MOST_AUTHORS) throw refusal();
  return messages;
}

/** @param {SharedBody} message @param {Expected} expected */
function belongs({ conversation, shared_by, place }, { group, by, before }) {
  return equal(conversation, group) && equal(shared_by, by) && place !== null && equal(place.mailbox, group) && place.sequence < before;
}

/** @param {SharedBody[]} messages */
function rises(messages) {
  const sequences = messages.map(({ place }) => place?.sequence ?? 0);
  return sequences.every((sequence, at) => at === 0 || sequence > sequences[at - 1]);
}

/** @param {Uint8Array[]} ids */
const count = (ids) => new Set(ids.map(to_hex)).size;

/** @param {Uint8Array} bytes */
function unpack_or_refuse(bytes) {
  if (bytes.length > HISTORY_LIMIT) throw refusal();
  try {
    return unpack(bytes);
  } catch {
    throw refusal();
  }
}

const refusal = () => new Talk2meError("history_invalid");
