// @ts-check
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { concat, equal, u64 } from "../../../static/js/codec/bytes.js";
import {
  append_to_frontier,
  frontier_root,
  leaf_hash,
  verify_consistency,
  verify_inclusion,
} from "../../../static/js/protocol/key_log_tree.js";
import { LyingLog } from "../support/lying_log.js";

const VECTORS = fileURLToPath(new URL("../../../../shared/vectors/merkle/", import.meta.url));
const skip = existsSync(VECTORS) ? false : `no vectors in ${VECTORS}`;

/** @param {string} text */
const from_base64 = (text) => Uint8Array.from(Buffer.from(text, "base64"));

/** @param {string} kind @returns {{ name: string, vector: any }[]} */
function read_cases(kind) {
  const names = readdirSync(VECTORS + kind, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  return names.map((name) => ({ name, vector: JSON.parse(readFileSync(`${VECTORS}${kind}/${name}`, "utf8")) }));
}

/**
 * @param {string[] | null} proof
 * @returns {Uint8Array} joined; an empty hash would leave no trace there, so it becomes one that is too short as well
 */
const join = (proof) => concat(...(proof ?? []).map((text) => from_base64(text || "AA==")));

const log = await LyingLog.begin({ origin: "https://chat.example" });
for (let at = 1; at < 70; at += 1) log.add_account({ account: new Uint8Array(16), seq: at, event: u64(at) });
const sizes = fc.integer({ min: 1, max: log.size });

test("the inclusion cases of transparency-dev", { skip }, () => {
  const cases = read_cases("inclusion");
  for (const { name, vector } of cases) {
    const { leafIdx: position, treeSize: size, root, leafHash, proof, wantErr } = vector;
    const claim = { leaf_hash: from_base64(leafHash), position, size, proof: join(proof), root: from_base64(root) };
    assert.equal(verify_inclusion(claim), !wantErr, name);
  }
  assert.equal(cases.length, 98);
});

test("the consistency cases of transparency-dev", { skip }, () => {
  const cases = read_cases("consistency");
  for (const { name, vector } of cases) {
    const { size1: from, size2: to, root1, root2, proof, wantErr } = vector;
    const [root_from, root_to] = [root1, root2].map(from_base64);
    // They let pass two roots that are the same and no roots.
    const are_roots = root_from.length === 32 && root_to.length === 32;
    const holds = verify_consistency({ from, to, root_from, root_to, proof: join(proof) });
    assert.equal(holds, are_roots && !wantErr, name);
  }
  assert.equal(cases.length, 98);
});

test("every leaf of every tree is in it, and nowhere else", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (size, some, another) => {
      const [position, elsewhere] = [some % size, another % size];
      const claim = { leaf_hash: leaf_hash(log.leaves[position]), size, proof: log.inclusion(position, size), root: log.root(size) };
      assert.ok(verify_inclusion({ ...claim, position }));
      if (elsewhere !== position) assert.ok(!verify_inclusion({ ...claim, position: elsewhere }));
      const proof = log.inclusion(elsewhere, size);
      if (elsewhere !== position) assert.ok(!verify_inclusion({ ...claim, position, proof }));
      assert.ok(!verify_inclusion({ ...claim, position, leaf_hash: leaf_hash(Uint8Array.of(1)) }));
    }),
  );
});

test("a tree continues each smaller one, and none that differs in one leaf", () => {
  fc.assert(
    fc.property(sizes, sizes, fc.nat(), (one, other, some) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      const claim = { from, to, root_from: log.root(from), root_to: log.root(to), proof: log.consistency(from, to) };
      assert.ok(verify_consistency(claim));
      const fork = log.fork();
      fork.leaves[some % from] = new Uint8Array(106);
      const [root_to, proof] = [fork.root(to), fork.consistency(from, to)];
      assert.ok(!verify_consistency({ ...claim, root_to }));
      assert.ok(!verify_consistency({ ...claim, root_to, proof }));
      assert.ok(!verify_consistency({ ...claim, root_from: fork.root(from) }));
    }),
  );
});

test("any flipped bit of a proof is refused, and any hash too many or too few", () => {
  const [from, to, position] = [21, 69, 40];
  const root_to = log.root(to);
  const [leaf, inclusion, consistency] = [leaf_hash(log.leaves[position]), log.inclusion(position, to), log.consistency(from, to)];
  /** @param {Uint8Array} proof */
  const included = (proof) => verify_inclusion({ leaf_hash: leaf, position, size: to, proof, root: root_to });
  /** @param {Uint8Array} proof */
  const consistent = (proof) => verify_consistency({ from, to, root_from: log.root(from), root_to, proof });
  /** @type {[Uint8Array, (proof: Uint8Array) => boolean][]} */
  const checks = [[inclusion, included], [consistency, consistent]];
  for (const [proof, holds] of checks) {
    assert.ok(holds(proof));
    for (let bit = 0; bit < 8 * proof.length; bit += 1) {
      const changed = proof.slice();
      changed[bit >> 3] ^= 1 << (bit & 7);
      assert.ok(!holds(changed), `bit ${bit}`);
    }
    const more = concat(proof, new Uint8Array(32));
    for (const wrong of [more, concat(proof, Uint8Array.of(0)), proof.slice(32), proof.slice(0, -32), new Uint8Array(0)]) {
      assert.ok(!holds(wrong));
    }
  }
});

test("sizes and positions that can't be are refused", () => {
  const root = log.root(8);
  const of_size = { leaf_hash: leaf_hash(log.leaves[1]), proof: log.inclusion(1, 8), root };
  for (const [position, size] of [[8, 8], [-1, 8], [1.5, 8], [1, 0], [1, NaN], [1, 2 ** 53], [1 + 2 ** 32, 8 + 2 ** 32]]) {
    assert.ok(!verify_inclusion({ ...of_size, position, size }), `${position} of ${size}`);
  }
  const none = { root_from: root, root_to: root, proof: new Uint8Array(0) };
  for (const [from, to] of [[0, 0], [0, 8], [8, 7], [-8, 8], [8, 2 ** 53], [7.5, 7.5]]) {
    assert.ok(!verify_consistency({ ...none, from, to }), `${from} to ${to}`);
  }
  assert.ok(verify_consistency({ ...none, from: 8, to: 8 }));
});

test("sizes beyond 32 bits are counted as they are", () => {
  // A tree of 2^33 leaves in which all but the first are the same: its nodes are the same on each level.
  const [first, other] = [Uint8Array.of(1), Uint8Array.of(2)].map(leaf_hash);
  let [node, all] = [first, other];
  const proof = [];
  for (let level = 0; level < 33; level += 1) {
    proof.push(all);
    node = append_to_frontier(node, 1, all);
    all = append_to_frontier(all, 1, all);
  }
  assert.ok(verify_inclusion({ leaf_hash: first, position: 0, size: 2 ** 33, proof: concat(...proof), root: node }));
  assert.ok(!verify_inclusion({ leaf_hash: first, position: 0, size: 2 ** 33 - 2 ** 32, proof: concat(...proof), root: node }));
});

test("a frontier leads to the root of every size", () => {
  let frontier = new Uint8Array(0);
  for (const [at, leaf] of log.leaves.entries()) {
    assert.ok(equal(frontier_root(frontier, at), log.root(at)), `size ${at}`);
    frontier = append_to_frontier(frontier, at, leaf_hash(leaf));
    assert.ok(equal(frontier, log.frontier(at + 1)), `size ${at + 1}`);
  }
});

test("a frontier of another size is refused", () => {
  const frontier = log.frontier(13);
  for (const size of [0, 12, 15, -1, 0.5, NaN, 2 ** 53]) {
    assert.throws(() => frontier_root(frontier, size), { code: "key_log_invalid" });
    assert.throws(() => append_to_frontier(frontier, size, new Uint8Array(32)), { code: "key_log_invalid" });
  }
  assert.throws(() => frontier_root(frontier.slice(1), 13), { code: "key_log_invalid" });
});
