// @ts-check
// docs/key_log.md 4 and 5: what the server says of its log, read strictly and believed only as far as it is proven. Whether the log
// is recent is for others to judge.
import { equal } from "../codec/bytes.js";
import { from_base64url } from "../codec/base64url.js";
import { has_exactly, is_integer } from "../codec/fields.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { read_checkpoint } from "./key_log_checkpoint.js";
import { HASH_LENGTH } from "./key_log_hash.js";
import { commitment_holds, genesis_index, LEAF, LEAF_LENGTH, MOST_VERSIONS, OPENING_LENGTH, read_leaf } from "./key_log_leaf.js";
import { EMPTY, LONGEST_PATH, verify_absent, verify_present } from "./key_log_map.js";
import { frontier_root, leaf_hash, verify_consistency, verify_inclusion } from "./key_log_tree.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Checkpoint, Log } from "./key_log_checkpoint.js" */
/** @import { Leaf, LeafType } from "./key_log_leaf.js" */
/** @import { MapEntry } from "./key_log_map.js" */
/** @typedef {{ size: number, root: Uint8Array, note?: string }} Head of a tree that was signed; size 0 before there was one */
/** @typedef {{ checkpoint: Checkpoint, last: { time: number, map_root: Bytes } }} VerifiedLog `time` of the newest leaf in unix ms */
/**
 * @typedef {{ type: LeafType, index: (version: number) => Bytes, content: Uint8Array, version?: number, is_newest?: boolean }} Expected
 *   what an entry has to be of: `version` when it is known, `is_newest` (as when left out) when there has to be no later one
 */
/**
 * @typedef {{ ours: string | null, theirs: string, proof: { from: number, to: number, hashes: Bytes } | null }} LogEvidence both
 *   notes, and what was given for a proof; in `details` of the errors by which a log is caught
 */

/** More than a tree of 2^53 leaves needs. */
export const MOST_HASHES = 64;

const LOG_FIELDS = ["checkpoint", "consistency", "last"];
const ENTRIES = new Set(["account", "first", "username"]);
const FIRST_FIELDS = ["version", "position", "leaf", "inclusion", "opening", "present"];
const ENTRY_FIELDS = [...FIRST_FIELDS, "absent"];

const invalid = () => new Talk2meError("key_log_invalid");

/**
 * Checks a `log` object, but for its entries, against what is held of the log. One at a time: the answer has to be to a question
 * that named the size of what is held.
 * @param {unknown} log
 * @param {Log & Head} held
 * @returns {Promise<VerifiedLog>}
 * @throws {Talk2meError} `key_log_invalid` for what is malformed or unproven; with `LogEvidence` as details `log_rolled_back` (a
 *   smaller tree), `log_split` (another tree) and `log_key_changed` (a checkpoint that another key has signed, or of another name)
 */
export async function verify_log(log, held) {
  const { checkpoint: note, consistency, last } = log_fields(log);
  const checkpoint = await read_checkpoint_after(note, held);
  if (checkpoint.size < held.size) {
    throw new Talk2meError("log_rolled_back", { ours: held.note ?? null, theirs: checkpoint.note, proof: null });
  }
  if (held.size === 0 && consistency !== "") throw invalid();
  if (held.size > 0) check_same_log(held, checkpoint, consistency);
  const { leaf, inclusion } = fields(last, ["leaf", "inclusion"]);
  const { time, map_root } = read_included(leaf, inclusion, checkpoint.size - 1, checkpoint);
  return { checkpoint, last: { time, map_root } };
}

/** @param {unknown} value */
function log_fields(value) {
  const named = Object.entries(Object(value)).filter(([name]) => !ENTRIES.has(name));
  return fields(Object.fromEntries(named), LOG_FIELDS);
}

/** @param {unknown} note @param {Log & Head} held */
async function read_checkpoint_after(note, held) {
  try {
    return await read_checkpoint(note, held);
  } catch (error) {
    if (!is_talk2me_error(error, "log_key_changed")) throw error;
    throw new Talk2meError("log_key_changed", { ours: held.note ?? null, theirs: note, proof: null });
  }
}

/**
 * Checks that two heads, each signed by the log, are of one tree that grew.
 * @param {Head} ours
 * @param {Head & { note: string }} theirs the smaller or the larger one
 * @param {unknown} proof the hashes as the server wrote them, from the smaller to the larger
 * @throws {Talk2meError} `log_split` with `LogEvidence` when the proof does not lead there; `key_log_invalid` when it is none
 */
export function check_same_log(ours, theirs, proof) {
  const [older, newer] = ours.size <= theirs.size ? [ours, theirs] : [theirs, ours];
  const claim = { from: older.size, to: newer.size, root_from: older.root, root_to: newer.root };
  const hashes = read_hashes(proof, MOST_HASHES);
  if (verify_consistency({ ...claim, proof: hashes })) return;
  // The two roots are of one tree after all: nothing is proven, and nothing caught.
  if (older.size === newer.size && equal(older.root, newer.root)) throw invalid();
  const given = { from: older.size, to: newer.size, hashes };
  throw new Talk2meError("log_split", { ours: ours.note ?? null, theirs: theirs.note, proof: given });
}

/**
 * Checks that the log has an entry: its leaf is in the tree and about this content, the map has it, and no later version.
 * @param {unknown} entry
 * @param {VerifiedLog} log of the same answer
 * @param {Expected} expected
 * @returns {{ version: number, position: number, leaf: Leaf }}
 * @throws {Talk2meError} `key_log_invalid`
 */
export function verify_entry(entry, { checkpoint, last }, { type, index, content, version: wanted, is_newest = true }) {
  const given = fields(entry, is_newest ? ENTRY_FIELDS : FIRST_FIELDS);
  const { version, position } = given;
  if (!is_integer(version, 1) || version > MOST_VERSIONS || version !== (wanted ?? version) || !is_integer(position)) throw invalid();
  const leaf = read_included(given.leaf, given.inclusion, position, checkpoint);
  const key = index(version);
  const opening = read_bytes(given.opening, OPENING_LENGTH);
  if (leaf.type !== type || !equal(leaf.index, key) || !commitment_holds(leaf, opening, content)) throw invalid();
  const present = { root: last.map_root, key, position, path: read_hashes(given.present, LONGEST_PATH) };
  if (!verify_present(present)) throw invalid();
  if (is_newest && !verify_absent({ root: last.map_root, key: index(version + 1), ...read_absent(given.absent) })) throw invalid();
  return { version, position, leaf };
}

/**
 * @param {unknown} genesis of `GET key_log/directory`
 * @param {string} origin
 * @param {Checkpoint} checkpoint of the same answer
 * @returns {Bytes} the directory key, 32 bytes
 * @throws {Talk2meError} `key_log_invalid`
 */
export function verify_genesis(genesis, origin, checkpoint) {
  const given = fields(genesis, ["leaf", "inclusion", "opening", "directory_key"]);
  const leaf = read_included(given.leaf, given.inclusion, 0, checkpoint);
  const opening = read_bytes(given.opening, OPENING_LENGTH);
  const directory_key = read_bytes(given.directory_key, HASH_LENGTH);
  const is_ours = leaf.type === LEAF.genesis && equal(leaf.index, genesis_index(origin)) && equal(leaf.map_root, EMPTY);
  if (!is_ours || !commitment_holds(leaf, opening, directory_key)) throw invalid();
  return directory_key;
}

/**
 * @param {unknown} frontier of `GET key_log/directory`: roots of the complete subtrees, largest first
 * @param {{ size: number, root: Uint8Array }} tree that it is the frontier of
 * @returns {Bytes} joined; what `append_to_frontier` goes on from
 * @throws {Talk2meError} `key_log_invalid`
 */
export function verify_frontier(frontier, { size, root }) {
  const joined = read_hashes(frontier, MOST_HASHES);
  if (!equal(frontier_root(joined, size), root)) throw invalid();
  return joined;
}

/**
 * Reads hashes, which travel joined and stay so.
 * @param {unknown} text base64url
 * @param {number} most
 * @returns {Bytes} of 32 bytes each
 * @throws {Talk2meError} `key_log_invalid`
 */
export function read_hashes(text, most) {
  const bytes = read_text(text, most * HASH_LENGTH);
  if (bytes.length % HASH_LENGTH !== 0) throw invalid();
  return bytes;
}

/**
 * @param {unknown} encoded
 * @param {unknown} inclusion
 * @param {number} position
 * @param {{ size: number, root: Uint8Array }} tree
 * @returns {Leaf} one that is in the tree
 */
function read_included(encoded, inclusion, position, { size, root }) {
  const leaf = read_bytes(encoded, LEAF_LENGTH);
  const proof = read_hashes(inclusion, MOST_HASHES);
  if (!verify_inclusion({ leaf_hash: leaf_hash(leaf), position, size, proof, root })) throw invalid();
  return read_leaf(leaf);
}

/** @param {unknown} value @returns {{ path: Bytes, other: MapEntry | null }} */
function read_absent(value) {
  const { path, other } = fields(value, ["path", "other"]);
  return { path: read_hashes(path, LONGEST_PATH), other: other === null ? null : read_other(other) };
}

/** @param {unknown} value @returns {MapEntry} */
function read_other(value) {
  const { key, position } = fields(value, ["key", "position"]);
  if (!is_integer(position)) throw invalid();
  return { key: read_bytes(key, HASH_LENGTH), position };
}

/** @param {unknown} value @param {string[]} names */
function fields(value, names) {
  if (!has_exactly(value, names)) throw invalid();
  return value;
}

/** @param {unknown} value @param {number} length */
function read_bytes(value, length) {
  const bytes = read_text(value, length);
  if (bytes.length !== length) throw invalid();
  return bytes;
}

/** @param {unknown} value @param {number} most bytes @returns {Bytes} */
function read_text(value, most) {
  if (typeof value !== "string" || value.length > Math.ceil((4 * most) / 3)) throw invalid();
  try {
    return from_base64url(value);
  } catch {
    throw invalid();
  }
}
