// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concat, equal } from "../../../static/js/codec/bytes.js";
import { EMPTY, entry_hash, map_node_hash, verify_absent, verify_present } from "../../../static/js/protocol/key_log_map.js";
import { absence_path, map_hash, presence_path, with_entry, without_entry } from "../support/lying_map.js";

/** @import { Bytes } from "../../../static/js/codec/bytes.js" */
/** @import { LyingMap } from "../support/lying_map.js" */

/** @param {Uint8Array[]} keys @returns {LyingMap} each at the position that it has in the list */
const map_of = (keys) => keys.reduce((map, key, at) => with_entry(map, key, at), /** @type {LyingMap} */ (null));

/** @param {number} first @param {number} [last] @returns {Uint8Array<ArrayBuffer>} a key of zeros but for these bytes */
function key_of(first, last = 0) {
  const key = new Uint8Array(32);
  [key[0], key[31]] = [first, last];
  return key;
}

// Few values for the bytes at both ends, so that paths of every length come about.
const key_bytes = fc.tuple(fc.constantFrom(0, 1, 128, 255), fc.nat(255), fc.constantFrom(0, 1, 128, 255));
const keys = fc.uniqueArray(
  key_bytes.map(([first, second, last]) => {
    const key = key_of(first, last);
    key[1] = second;
    return key;
  }),
  { minLength: 1, maxLength: 20, comparator: equal },
);

test("what is in a map is proven to be there, at its own position only, and never proven to be absent", () => {
  fc.assert(
    fc.property(keys, fc.nat(), (present, some) => {
      const map = map_of(present);
      const position = some % present.length;
      const claim = { root: map_hash(map), key: present[position], path: presence_path(map, present[position]) };
      assert.ok(verify_present({ ...claim, position }));
      assert.ok(!verify_present({ ...claim, position: position + 1 }));
      for (const other of [null, ...present.map((key, at) => ({ key, position: at }))]) assert.ok(!verify_absent({ ...claim, other }));
    }),
  );
});

test("what is not in a map is proven to be absent, and never to be there", () => {
  fc.assert(
    fc.property(keys, (all) => {
      const [absent, ...present] = all;
      const map = map_of(present);
      const { path, other } = absence_path(map, absent);
      const claim = { root: map_hash(map), key: absent, path };
      assert.ok(verify_absent({ ...claim, other }));
      for (const position of [0, other?.position ?? 1]) assert.ok(!verify_present({ ...claim, position }));
    }),
  );
});

test("a map does not depend on the order in which it was filled, nor on what it was made to forget", () => {
  fc.assert(
    fc.property(keys, ([first, ...rest]) => {
      const entries = rest.map((key, at) => ({ key, at }));
      const backwards = [...entries].reverse().reduce((map, { key, at }) => with_entry(map, key, at), /** @type {LyingMap} */ (null));
      assert.ok(equal(map_hash(backwards), map_hash(map_of(rest))));
      assert.ok(equal(map_hash(without_entry(with_entry(backwards, first, 7), first)), map_hash(map_of(rest))));
    }),
  );
});

test("the smallest maps have the roots of docs/key_log.md", () => {
  const [left, right] = [key_of(0), key_of(128)];
  const [left_entry, right_entry] = [entry_hash({ key: left, position: 0 }), entry_hash({ key: right, position: 1 })];
  assert.ok(equal(map_hash(null), new Uint8Array(32)));
  assert.ok(equal(map_hash(map_of([left])), left_entry));
  assert.ok(equal(map_hash(map_of([left, right])), map_node_hash(left_entry, right_entry)));
  const below = map_node_hash(left_entry, entry_hash({ key: key_of(64), position: 1 }));
  assert.ok(equal(map_hash(map_of([left, key_of(64)])), map_node_hash(below, EMPTY)));
});

test("two keys that differ in their last bit have the longest path, and none is longer", () => {
  const [one, other] = [key_of(0, 0), key_of(0, 1)];
  const map = map_of([one, other]);
  const path = presence_path(map, other);
  assert.equal(path.length, 32 * 256);
  assert.ok(verify_present({ root: map_hash(map), key: other, position: 1, path }));
  // A root that could only be that of keys of more bits.
  const entry = { key: key_of(0), position: 0 };
  /** @param {number} bits */
  const above = (bits) => Array.from({ length: bits }).reduce((/** @type {Bytes} */ node) => map_node_hash(node, EMPTY), entry_hash(entry));
  for (const bits of [256, 257]) {
    const claim = { ...entry, root: above(bits), path: new Uint8Array(32 * bits) };
    assert.equal(verify_present(claim), bits === 256);
  }
});

test("an entry that does not begin with the key's bits proves nothing about it", () => {
  const map = map_of([key_of(0), key_of(128)]);
  const { path, other } = absence_path(map, key_of(192));
  assert.ok(verify_absent({ root: map_hash(map), key: key_of(192), path, other }));
  assert.ok(!verify_absent({ root: map_hash(map), key: key_of(64), path, other }));
  // A map that has an entry where only others can be.
  const root = map_node_hash(entry_hash({ key: key_of(128), position: 1 }), entry_hash({ key: key_of(192), position: 2 }));
  const misplaced = { root, path: entry_hash({ key: key_of(192), position: 2 }), other: { key: key_of(128), position: 1 } };
  assert.ok(!verify_absent({ ...misplaced, key: key_of(0) }));
});

test("any flipped bit of a proof is refused, and any hash too many or too few", () => {
  const present = [key_of(0), key_of(64), key_of(80), key_of(128)];
  const map = map_of(present);
  const [root, key] = [map_hash(map), key_of(82)];
  const [present_path, { path: absent_path, other }] = [presence_path(map, present[2]), absence_path(map, key)];
  assert.ok(other);
  /** @param {Uint8Array} path */
  const is_present = (path) => verify_present({ root, key: present[2], position: 2, path });
  /** @param {Uint8Array} path */
  const is_absent = (path) => verify_absent({ root, key, path, other });
  /** @type {[Uint8Array, (path: Uint8Array) => boolean][]} */
  const checks = [[present_path, is_present], [absent_path, is_absent]];
  for (const [path, holds] of checks) {
    assert.ok(path.length > 64 && holds(path));
    for (let bit = 0; bit < 8 * path.length; bit += 1) {
      const changed = path.slice();
      changed[bit >> 3] ^= 1 << (bit & 7);
      assert.ok(!holds(changed), `bit ${bit}`);
    }
    for (const wrong of [concat(path, EMPTY), concat(EMPTY, path), path.slice(1), path.slice(32), path.slice(0, -32)]) {
      assert.ok(!holds(wrong));
    }
  }
});

test("keys, roots and positions of another form are refused", () => {
  const [key, root] = [key_of(1), entry_hash({ key: key_of(1), position: 0 })];
  const path = new Uint8Array(0);
  assert.ok(verify_present({ root, key, position: 0, path }));
  for (const position of [-1, 0.5, NaN, 2 ** 53]) assert.ok(!verify_present({ root, key, position, path }));
  assert.ok(!verify_present({ root, key: key.slice(1), position: 0, path }));
  assert.ok(!verify_present({ root: root.slice(1), key, position: 0, path }));
  assert.ok(!verify_absent({ root, key: key_of(2), path, other: { key: key.slice(1), position: 0 } }));
  assert.ok(!verify_absent({ root, key: key_of(2), path, other: { key, position: -1 } }));
  assert.ok(!verify_absent({ root, key, path, other: { key, position: 0 } }));
});
