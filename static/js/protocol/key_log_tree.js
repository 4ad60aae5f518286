// @ts-check
// The tree of RFC 6962 section 2.1, and how the proofs of RFC 9162 section 2.1 are checked. Sizes and positions are counted as
// numbers up to 2^53 - 1, so they are halved by division: shifts would cut them to 32 bits. A proof is its hashes joined.
import { concat, equal, is_bytes } from "../codec/bytes.js";
import { is_integer } from "../codec/fields.js";
import { Talk2meError } from "../errors.js";
import { HASH_LENGTH, hash, split_hashes } from "./key_log_hash.js";

/** @import { Bytes } from "../codec/bytes.js" */

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

/** @param {number} value */
const is_odd = (value) => value % 2 === 1;
/** @param {number} value */
const half = (value) => Math.floor(value / 2);

/** @param {Uint8Array} leaf @returns {Bytes} */
export function leaf_hash(leaf) {
  return hash(LEAF_PREFIX, leaf);
}

/** @param {Uint8Array} left @param {Uint8Array} right @returns {Bytes} */
export function node_hash(left, right) {
  return hash(NODE_PREFIX, left, right);
}

/**
 * Tells whether a leaf is in the tree of a root (RFC 9162 section 2.1.3.2).
 * @param {{ leaf_hash: Uint8Array, position: number, size: number, proof: Uint8Array, root: Uint8Array }} claim
 */
export function verify_inclusion({ leaf_hash: leaf, position, size, proof, root }) {
  const siblings = split_hashes(proof);
  if (!is_integer(position) || !is_integer(size) || position >= size || !siblings || !are_hashes([leaf, root])) return false;
  let [at, last] = [position, size - 1];
  let node = leaf;
  for (const sibling of siblings) {
    if (last === 0) return false;
    if (is_odd(at) || at === last) {
      node = node_hash(sibling, node);
      while (!is_odd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      node = node_hash(node, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equal(node, root);
}

/**
 * Tells whether the tree of `root_to` begins with all of the tree of `root_from` (RFC 9162 section 2.1.4.2). Of two trees of one
 * size the roots are the same and the proof is empty. From size 0 nothing can be proven, so it is refused.
 * @param {{ from: number, to: number, root_from: Uint8Array, root_to: Uint8Array, proof: Uint8Array }} claim
 */
export function verify_consistency({ from, to, root_from, root_to, proof }) {
  const hashes = split_hashes(proof);
  if (!is_integer(from, 1) || !is_integer(to, from) || !hashes || !are_hashes([root_from, root_to])) return false;
  if (from === to) return hashes.length === 0 && equal(root_from, root_to);
  if (hashes.length === 0) return false;
  let [at, last] = [from - 1, to - 1];
  while (is_odd(at)) [at, last] = [half(at), half(last)];
  // A complete tree is a node of the larger one, and left out of the proof.
  const [start, ...rest] = at === 0 ? [root_from, ...hashes] : hashes;
  let [node_from, node_to] = [start, start];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (is_odd(at) || at === last) {
      [node_from, node_to] = [node_hash(sibling, node_from), node_hash(sibling, node_to)];
      while (!is_odd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      node_to = node_hash(node_to, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equal(node_from, root_from) && equal(node_to, root_to);
}

/**
 * Adds a leaf to a tree of which only the frontier is kept: the roots of its complete subtrees, largest first, joined.
 * @param {Uint8Array} frontier
 * @param {number} size leaves before this one
 * @param {Uint8Array} leaf its hash
 * @returns {Bytes} the frontier of `size + 1` leaves
 * @throws {Talk2meError} `key_log_invalid` when it can't be the frontier of so many leaves
 */
export function append_to_frontier(frontier, size, leaf) {
  check_frontier(frontier, size);
  let kept = frontier.length;
  let node = leaf;
  for (let rest = size; is_odd(rest); rest = half(rest)) {
    kept -= HASH_LENGTH;
    node = node_hash(frontier.subarray(kept, kept + HASH_LENGTH), node);
  }
  return concat(frontier.subarray(0, kept), node);
}

/**
 * @param {Uint8Array} frontier
 * @param {number} size leaves
 * @returns {Bytes} the root of the tree
 * @throws {Talk2meError} `key_log_invalid` when it can't be the frontier of so many leaves
 */
export function frontier_root(frontier, size) {
  check_frontier(frontier, size);
  if (size === 0) return hash();
  let at = frontier.length - HASH_LENGTH;
  let root = concat(frontier.subarray(at));
  while (at > 0) {
    root = node_hash(frontier.subarray(at - HASH_LENGTH, at), root);
    at -= HASH_LENGTH;
  }
  return root;
}

/** @param {Uint8Array} frontier @param {number} size */
function check_frontier(frontier, size) {
  if (!is_integer(size)) throw new Talk2meError("key_log_invalid");
  let subtrees = 0;
  for (let rest = size; rest > 0; rest = half(rest)) subtrees += rest % 2;
  if (frontier.length !== subtrees * HASH_LENGTH) throw new Talk2meError("key_log_invalid");
}

/** @param {Uint8Array[]} values */
function are_hashes(values) {
  return values.every((value) => is_bytes(value, HASH_LENGTH));
}
