// @ts-check
// docs/key_log.md 1: what the key log says of one event, in a form that only those who know the event can read.
import { concat, equal, read_u64, to_utf8, u32, u64 } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";
import { HASH_LENGTH, hash, keyed_hash } from "./key_log_hash.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {0 | 1 | 2 | 255} LeafType see `LEAF` */
/** @typedef {{ type: LeafType, time: number, index: Bytes, commitment: Bytes, map_root: Bytes }} Leaf `time` in unix ms, 32 bytes each */

export const LEAF = Object.freeze({
  genesis: /** @type {const} */ (0),
  account: /** @type {const} */ (1),
  username: /** @type {const} */ (2),
  heartbeat: /** @type {const} */ (255),
});
export const LEAF_LENGTH = 106;
export const OPENING_LENGTH = 32;
/**
 * Of one account or one name. Whose account it is looks for all of them among the leaves, so that nobody can be shown a later
 * version with the ones before it left out.
 */
export const MOST_VERSIONS = 1_024;

const VERSION = 1;
const LONGEST_LABEL = 255;
const INDEX_LABEL = to_utf8("talk2me-keylog-v1");
const COMMITMENT_KEY = to_utf8("talk2me-commitment");
const NOTHING = new Uint8Array(HASH_LENGTH);
/** @type {Set<number>} */
const TYPES = new Set(Object.values(LEAF));

/**
 * @param {Uint8Array} bytes
 * @returns {Leaf}
 * @throws {Talk2meError} `key_log_invalid`: another length, version or type, a time over 2^53 - 1, a heartbeat that says something
 */
export function read_leaf(bytes) {
  if (bytes.length !== LEAF_LENGTH || bytes[0] !== VERSION || !TYPES.has(bytes[1])) throw new Talk2meError("key_log_invalid");
  const leaf = {
    type: /** @type {LeafType} */ (bytes[1]),
    time: read_time(bytes),
    index: Uint8Array.from(bytes.subarray(10, 42)),
    commitment: Uint8Array.from(bytes.subarray(42, 74)),
    map_root: Uint8Array.from(bytes.subarray(74)),
  };
  const is_empty = equal(leaf.index, NOTHING) && equal(leaf.commitment, NOTHING);
  if (leaf.type === LEAF.heartbeat && !is_empty) throw new Talk2meError("key_log_invalid");
  return leaf;
}

/** @param {Uint8Array} leaf */
function read_time(leaf) {
  try {
    return read_u64(leaf, 2);
  } catch {
    throw new Talk2meError("key_log_invalid");
  }
}

/**
 * @param {Leaf} leaf
 * @returns {Bytes} 106 bytes
 */
export function write_leaf({ type, time, index, commitment: committed, map_root }) {
  return concat(Uint8Array.of(VERSION, type), u64(time), index, committed, map_root);
}

/**
 * @param {Uint8Array} account 16 bytes
 * @param {number} version `seq` of the event
 * @returns {Bytes} 32 bytes
 */
export function account_index(account, version) {
  return index_of(LEAF.account, account, version);
}

/**
 * @param {Uint8Array} directory_key 32 bytes
 * @param {string} username in the form that it is kept in
 * @param {number} version 1 for its first owner
 * @returns {Bytes} 32 bytes
 */
export function username_index(directory_key, username, version) {
  return username_indexes(directory_key, username)(version);
}

/**
 * The same for many versions of one name.
 * @param {Uint8Array} directory_key
 * @param {string} username
 * @returns {(version: number) => Bytes}
 */
export function username_indexes(directory_key, username) {
  const label = keyed_hash(directory_key, to_utf8(username));
  return (version) => index_of(LEAF.username, label, version);
}

/**
 * @param {string} origin the web origin
 * @returns {Bytes} 32 bytes
 */
export function genesis_index(origin) {
  const label = to_utf8(origin);
  return index_of(LEAF.genesis, label.length > LONGEST_LABEL ? hash(label) : label, 1);
}

/** @param {LeafType} kind @param {Uint8Array} label @param {number} version */
function index_of(kind, label, version) {
  return hash(INDEX_LABEL, Uint8Array.of(kind, label.length), label, u32(version));
}

/**
 * @param {Uint8Array} opening 32 bytes, random
 * @param {Uint8Array} index
 * @param {Uint8Array} content what the leaf is about, its exact bytes
 * @returns {Bytes} 32 bytes
 */
export function commitment(opening, index, content) {
  return keyed_hash(COMMITMENT_KEY, opening, index, content);
}

/**
 * Tells whether a leaf is about this content.
 * @param {Leaf} leaf
 * @param {Uint8Array} opening of another length, it opens nothing: the index would begin elsewhere
 * @param {Uint8Array} content
 */
export function commitment_holds(leaf, opening, content) {
  return opening.length === OPENING_LENGTH && equal(leaf.commitment, commitment(opening, leaf.index, content));
}
