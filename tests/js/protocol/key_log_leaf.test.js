// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { to_hex } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import {
  account_index,
  commitment,
  commitment_holds,
  genesis_index,
  LEAF,
  LEAF_LENGTH,
  read_leaf,
  username_index,
  write_leaf,
} from "../../../static/js/protocol/key_log_leaf.js";

const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes));

test("a leaf that is written is read as it was", () => {
  const types = fc.constantFrom(LEAF.genesis, LEAF.account, LEAF.username);
  fc.assert(
    fc.property(types, fc.maxSafeNat(), hashes, hashes, hashes, (type, time, index, committed, map_root) => {
      const leaf = { type, time, index, commitment: committed, map_root };
      assert.equal(write_leaf(leaf).length, LEAF_LENGTH);
      assert.deepEqual(read_leaf(write_leaf(leaf)), leaf);
    }),
  );
});

test("what is read is not changed by what happens to the bytes", () => {
  const [account, map_root] = [random_bytes(16), random_bytes(32)];
  const bytes = write_leaf({ type: LEAF.account, time: 0, index: account_index(account, 1), commitment: map_root, map_root });
  const leaf = read_leaf(bytes);
  bytes.fill(0);
  assert.deepEqual([leaf.index, leaf.map_root], [account_index(account, 1), map_root]);
});

test("no two of kind, label and version have one index", () => {
  const [account, directory_key] = [new Uint8Array(16), new Uint8Array(32)];
  const indexes = [
    ...[1, 2, 256, 257].map((version) => account_index(account, version)),
    account_index(Uint8Array.of(...account.subarray(1), 1), 1),
    ...[1, 2].map((version) => username_index(directory_key, "alice", version)),
    username_index(directory_key, "alicf", 1),
    username_index(new Uint8Array(32).fill(1), "alice", 1),
    // As text the account's own label.
    genesis_index("\0".repeat(16)),
    genesis_index("x".repeat(255)),
    genesis_index("x".repeat(256)),
  ];
  assert.equal(new Set(indexes.map(to_hex)).size, indexes.length);
});

test("a commitment opens to one content, under one index, by one opening of 32 bytes", () => {
  const [opening, content, map_root] = [random_bytes(32), random_bytes(40), random_bytes(32)];
  const index = account_index(random_bytes(16), 1);
  const leaf = { type: LEAF.account, time: 0, index, commitment: commitment(opening, index, content), map_root };
  assert.ok(commitment_holds(leaf, opening, content));
  assert.ok(!commitment_holds(leaf, random_bytes(32), content));
  assert.ok(!commitment_holds(leaf, opening, content.slice(1)));
  assert.ok(!commitment_holds({ ...leaf, index: account_index(random_bytes(16), 1) }, opening, content));
  // The three are joined: with an opening of another length the same bytes could be divided in another way.
  const all = Uint8Array.of(...opening, ...index, ...content);
  const moved = { ...leaf, index: all.slice(33, 65) };
  assert.deepEqual(commitment(all.slice(0, 33), moved.index, all.slice(65)), leaf.commitment);
  assert.ok(!commitment_holds(moved, all.slice(0, 33), all.slice(65)));
});

test("versions that 32 bits can't hold are refused", () => {
  for (const version of [-1, 2 ** 32]) assert.throws(() => account_index(new Uint8Array(16), version), { code: "encoding_invalid" });
});
