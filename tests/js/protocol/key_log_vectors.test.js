// @ts-check
// tests/vectors/key_log.json: what the server's side wrote, read here as it reads it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { to_hex } from "../../../static/js/codec/bytes.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { verify_entry, verify_frontier, verify_genesis, verify_log } from "../../../static/js/protocol/key_log_answer.js";
import { read_checkpoint } from "../../../static/js/protocol/key_log_checkpoint.js";
import {
  account_index,
  commitment,
  genesis_index,
  LEAF,
  read_leaf,
  username_index,
  write_leaf,
} from "../../../static/js/protocol/key_log_leaf.js";
import { verify_absent, verify_present } from "../../../static/js/protocol/key_log_map.js";
import {
  append_to_frontier,
  frontier_root,
  leaf_hash,
  verify_consistency,
  verify_inclusion,
} from "../../../static/js/protocol/key_log_tree.js";
import { parse_note, parse_vkey, write_note, write_vkey } from "../../../static/js/protocol/signed_note.js";
import { log_signing_key, LyingLog } from "../support/lying_log.js";
import { map_hash, with_entry } from "../support/lying_map.js";

/** @import { LyingMap } from "../support/lying_map.js" */

const vectors = JSON.parse(readFileSync(new URL("../../vectors/key_log.json", import.meta.url), "utf8"));
const { name, key } = parse_vkey(vectors.vkey);
const directory_key = from_base64url(vectors.directory_key);
const nothing_held = { name, key, size: 0, root: new Uint8Array(32) };

/** @param {unknown} value */
const as_json = (value) => JSON.parse(JSON.stringify(value, (_, one) => (one instanceof Uint8Array ? to_base64url(one) : one)));

/** @param {() => unknown} check @returns {Promise<string | null>} the code of what it throws */
async function code_of(check) {
  try {
    await check();
    return null;
  } catch (error) {
    if (is_talk2me_error(error)) return error.code;
    throw error;
  }
}

test("the setting KEYLOG_KEY gives the same key", async () => {
  assert.equal(to_base64url((await log_signing_key(vectors.secret)).public_key), vectors.key);
  assert.equal(to_base64url(key), vectors.key);
});

test("leaves", async () => {
  for (const { name: title, leaf, read } of vectors.leaves) {
    const bytes = from_base64url(leaf);
    assert.equal(await code_of(() => read_leaf(bytes)), read ? null : "key_log_invalid", title);
    if (read) assert.deepEqual(as_json(read_leaf(bytes)), read, title);
    if (read) assert.equal(to_base64url(write_leaf(read_leaf(bytes))), leaf, title);
  }
});

test("indexes", () => {
  for (const given of vectors.indexes) {
    const index = [
      () => genesis_index(given.origin),
      () => account_index(from_base64url(given.account), given.version),
      () => username_index(from_base64url(given.directory_key), given.username, given.version),
    ][given.kind]();
    assert.equal(to_base64url(index), given.index);
  }
});

test("commitments", () => {
  for (const given of vectors.commitments) {
    const [opening, index, content] = [given.opening, given.index, given.content].map(from_base64url);
    assert.equal(to_base64url(commitment(opening, index, content)), given.commitment);
  }
});

test("a small tree, with all its proofs", () => {
  const { leaves, frontiers, inclusion, consistency } = vectors.tree;
  const roots = vectors.tree.roots.map(from_base64url);
  const hashes = leaves.map(from_base64url).map(leaf_hash);
  let frontier = from_base64url("");
  for (const [size, root] of roots.entries()) {
    assert.equal(to_base64url(frontier), frontiers[size]);
    assert.deepEqual(frontier_root(frontier, size), root);
    for (const [position, proof] of inclusion[size].entries()) {
      const claim = { leaf_hash: hashes[position], position, size, proof: from_base64url(proof), root };
      assert.ok(verify_inclusion(claim), `${position} in ${size}`);
    }
    for (const [from, proof] of consistency[size].entries()) {
      const claim = { from, to: size, root_from: roots[from], root_to: root, proof: from_base64url(proof) };
      // The server calls every tree a continuation of none; a browser that holds nothing has nothing to compare.
      assert.equal(verify_consistency(claim), from > 0, `${from} to ${size}`);
    }
    if (size < hashes.length) frontier = append_to_frontier(frontier, size, hashes[size]);
  }
});

test("the map as it grows", () => {
  /** @type {LyingMap} */
  let map = null;
  for (const entry of vectors.map.entries) {
    map = with_entry(map, from_base64url(entry.key), entry.position);
    assert.equal(to_base64url(map_hash(map)), entry.root);
  }
});

for (const { name: title, position, other, holds, ...texts } of vectors.map.proofs) {
  test(`a proof of the map: ${title}`, () => {
    const claim = { root: from_base64url(texts.root), key: from_base64url(texts.key), path: from_base64url(texts.path) };
    const entry = other && { key: from_base64url(other.key), position: other.position };
    const found = position === null ? verify_absent({ ...claim, other: entry }) : verify_present({ ...claim, position });
    assert.equal(found, holds);
  });
}

for (const { name: title, vkey, read } of vectors.vkeys) {
  test(`a verifier key: ${title}`, async () => {
    assert.equal(await code_of(() => parse_vkey(vkey)), read ? null : "key_log_invalid");
    if (!read) return;
    const parsed = parse_vkey(vkey);
    assert.deepEqual({ name: parsed.name, id: to_hex(parsed.id), key: to_base64url(parsed.key) }, read);
    assert.equal(write_vkey(parsed), vkey);
  });
}

for (const { name: title, note, read, error } of vectors.notes) {
  test(`a checkpoint: ${title}`, async () => {
    assert.equal(await code_of(() => read_checkpoint(note, { name, key })), error);
    if (error) return;
    const { size, root } = await read_checkpoint(note, { name, key });
    assert.deepEqual({ name, size, root: to_base64url(root) }, read);
    const { text, lines } = parse_note(note);
    assert.equal(write_note(text, lines), note);
  });
}

/** Everything that a browser would check of an answer. @param {any} given */
async function verify_answer({ held, log, chain, username }) {
  const seen = await verify_log(log, held ? { name, key, ...held, root: from_base64url(held.root) } : nothing_held);
  if (chain) {
    const account = from_base64url(chain.account);
    const index = (/** @type {number} */ version) => account_index(account, version);
    const expected = { type: LEAF.account, index };
    verify_entry(log.account, seen, { ...expected, content: from_base64url(chain.last), version: chain.seq });
    const first = { ...expected, content: from_base64url(chain.first), version: 1, is_newest: false };
    if (chain.seq > 1) verify_entry(log.first, seen, first);
  }
  if (username) {
    const index = (/** @type {number} */ version) => username_index(directory_key, username.username, version);
    verify_entry(log.username, seen, { type: LEAF.username, index, content: from_base64url(username.account) });
  }
}

for (const given of vectors.answers) {
  test(`an answer: ${given.name}`, async () => {
    assert.equal(await code_of(() => verify_answer(given)), given.error);
  });
}

for (const { name: title, answer, directory_key: expected, error } of vectors.directories) {
  test(`a directory: ${title}`, async () => {
    const verify_directory = async () => {
      const { checkpoint } = await verify_log(answer.log, nothing_held);
      assert.equal(to_base64url(verify_frontier(answer.frontier, checkpoint)), answer.frontier);
      assert.equal(to_base64url(verify_genesis(answer.genesis, vectors.origin, checkpoint)), expected);
    };
    assert.equal(await code_of(verify_directory), error);
  });
}

test("a log is built again from its leaves, with the map and the checkpoint that the server has", async () => {
  const leaves = Uint8Array.from(vectors.log.flatMap((/** @type {string} */ leaf) => [...from_base64url(leaf)]));
  const log = await LyingLog.of_leaves({ origin: vectors.origin, keylog_key: vectors.secret, leaves });
  const { answer } = vectors.directories[0];
  log.learn_directory(answer);
  assert.deepEqual(await log.directory(), answer);
  const of_account = vectors.answers.find((/** @type {any} */ given) => given.chain && given.username && !given.error);
  log.learn(of_account.log);
  const asked = { since: of_account.held.size, account: from_base64url(of_account.chain.account), username: of_account.username.username };
  assert.deepEqual(await log.log(asked), of_account.log);
});
