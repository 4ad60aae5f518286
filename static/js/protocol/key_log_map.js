// @ts-check
// docs/key_log.md 2: the map from an index to the one position in the log that it has. A node's hash says which kind it is, so
// the same root can't prove of one key both that it is there and that it is not. A path is the siblings from the root down, joined.
import { equal, is_bytes, u64 } from "../codec/bytes.js";
import { is_integer } from "../codec/fields.js";
import { HASH_LENGTH, hash, split_hashes } from "./key_log_hash.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ key: Uint8Array, position: number }} MapEntry */

/** A key has that many bits, so no path is longer. */
export const LONGEST_PATH = 256;
/** What stands for a subtree without entries. */
export const EMPTY = new Uint8Array(HASH_LENGTH);

const ENTRY_PREFIX = Uint8Array.of(2);
const NODE_PREFIX = Uint8Array.of(3);

/** @param {MapEntry} entry @returns {Bytes} */
export function entry_hash({ key, position }) {
  return hash(ENTRY_PREFIX, key, u64(position));
}

/** @param {Uint8Array} left @param {Uint8Array} right @returns {Bytes} */
export function map_node_hash(left, right) {
  return hash(NODE_PREFIX, left, right);
}

/**
 * @param {Uint8Array} key
 * @param {number} depth from 0, the most significant bit
 */
export function bit_of(key, depth) {
  return (key[depth >> 3] >> (7 - (depth & 7))) & 1;
}

/**
 * Tells whether the map of a root has this entry.
 * @param {{ root: Uint8Array, key: Uint8Array, position: number, path: Uint8Array }} claim
 */
export function verify_present({ root, key, position, path }) {
  return is_integer(position) && is_bytes(key, HASH_LENGTH) && leads_to(root, entry_hash({ key, position }), key, path);
}

/**
 * Tells whether the map of a root has no entry of this key.
 * @param {{ root: Uint8Array, key: Uint8Array, path: Uint8Array, other: MapEntry | null }} claim `other`: the one entry that
 *   stands where the key's path ends; null when nothing does
 */
export function verify_absent({ root, key, path, other }) {
  if (!is_bytes(key, HASH_LENGTH) || (other && !is_beside(other, key, path.length / HASH_LENGTH))) return false;
  return leads_to(root, other ? entry_hash(other) : EMPTY, key, path);
}

/**
 * Tells whether an entry of another key can stand at the end of this key's path.
 * @param {MapEntry} other
 * @param {Uint8Array} key
 * @param {number} depth
 */
function is_beside(other, key, depth) {
  if (!is_bytes(other.key, HASH_LENGTH) || !is_integer(other.position) || equal(other.key, key)) return false;
  for (let at = 0; at < depth; at += 1) {
    if (bit_of(other.key, at) !== bit_of(key, at)) return false;
  }
  return true;
}

/** @param {Uint8Array} root @param {Uint8Array} end @param {Uint8Array} key @param {Uint8Array} path */
function leads_to(root, end, key, path) {
  const siblings = split_hashes(path);
  if (!siblings || siblings.length > LONGEST_PATH) return false;
  let node = end;
  for (const [at, sibling] of siblings.reverse().entries()) {
    const is_right = bit_of(key, siblings.length - 1 - at);
    node = is_right ? map_node_hash(sibling, node) : map_node_hash(node, sibling);
  }
  return equal(node, root);
}
