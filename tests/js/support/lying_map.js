// @ts-check
// The map of docs/key_log.md 2 as a tree in memory. Nothing is changed in place, so that every version of it stays.
import { concat, equal } from "../../../static/js/codec/bytes.js";
import { bit_of, EMPTY, entry_hash, map_node_hash } from "../../../static/js/protocol/key_log_map.js";

/** @import { Bytes } from "../../../static/js/codec/bytes.js" */
/** @typedef {{ hash: Bytes, key: Uint8Array, position: number }} MapLeaf */
/** @typedef {{ hash: Bytes, sides: [LyingMap, LyingMap] }} MapNode */
/** @typedef {MapLeaf | MapNode | null} LyingMap null: without entries */

/** @param {LyingMap} map @returns {Bytes} */
export const map_hash = (map) => map?.hash ?? EMPTY;

/** @param {Uint8Array} key @param {number} position @returns {MapLeaf} */
const entry_of = (key, position) => ({ hash: entry_hash({ key, position }), key, position });

/** @param {[LyingMap, LyingMap]} sides @returns {LyingMap} */
function node_of(sides) {
  const [left, right] = sides;
  // A subtree with one entry is that entry.
  if (!left && (!right || "key" in right)) return right;
  if (!right && left && "key" in left) return left;
  return { hash: map_node_hash(map_hash(left), map_hash(right)), sides };
}

/** @param {MapNode} map @param {number} side @param {LyingMap} with_this @returns {LyingMap} */
const replaced = ({ sides: [left, right] }, side, with_this) => node_of(side ? [left, with_this] : [with_this, right]);

/**
 * @param {LyingMap} map
 * @param {Uint8Array} key
 * @param {number} position its former one is lost
 * @param {number} [depth]
 * @returns {LyingMap}
 */
export function with_entry(map, key, position, depth = 0) {
  if (!map || ("key" in map && equal(map.key, key))) return entry_of(key, position);
  if (!("key" in map)) {
    const side = bit_of(key, depth);
    return replaced(map, side, with_entry(map.sides[side], key, position, depth + 1));
  }
  return both(map, entry_of(key, position), depth);
}

/** @param {MapLeaf} one @param {MapLeaf} other @param {number} depth @returns {MapNode} */
function both(one, other, depth) {
  const [side, other_side] = [bit_of(one.key, depth), bit_of(other.key, depth)];
  const below = side === other_side ? both(one, other, depth + 1) : null;
  /** @type {[LyingMap, LyingMap]} */
  const sides = below ? (side ? [null, below] : [below, null]) : side ? [other, one] : [one, other];
  return { hash: map_node_hash(map_hash(sides[0]), map_hash(sides[1])), sides };
}

/** @param {LyingMap} map @param {Uint8Array} key @param {number} [depth] @returns {LyingMap} */
export function without_entry(map, key, depth = 0) {
  if (!map) return null;
  if ("key" in map) return equal(map.key, key) ? null : map;
  const side = bit_of(key, depth);
  return replaced(map, side, without_entry(map.sides[side], key, depth + 1));
}

/** @param {LyingMap} map @param {Uint8Array} key @returns {{ siblings: Bytes[], end: MapLeaf | null }} where the key's path ends */
function walk(map, key) {
  const siblings = [];
  let at = map;
  while (at && !("key" in at)) {
    const side = bit_of(key, siblings.length);
    siblings.push(map_hash(at.sides[1 - side]));
    at = at.sides[side];
  }
  return { siblings, end: at };
}

/** @param {LyingMap} map @param {Uint8Array} key @returns {number | undefined} its position */
export function find_in_map(map, key) {
  const { end } = walk(map, key);
  return end && equal(end.key, key) ? end.position : undefined;
}

/** @param {LyingMap} map @param {Uint8Array} key @returns {Bytes} joined */
export function presence_path(map, key) {
  return concat(...walk(map, key).siblings);
}

/** @param {LyingMap} map @param {Uint8Array} key @returns {{ path: Bytes, other: MapLeaf | null }} */
export function absence_path(map, key) {
  const { siblings, end } = walk(map, key);
  return { path: concat(...siblings), other: end };
}
