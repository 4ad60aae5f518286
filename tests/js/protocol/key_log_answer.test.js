// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { equal, to_utf8 } from "../../../static/js/codec/bytes.js";
import { to_base64url } from "../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import {
  check_same_log,
  MOST_HASHES,
  read_hashes,
  verify_entry,
  verify_frontier,
  verify_genesis,
  verify_log,
} from "../../../static/js/protocol/key_log_answer.js";
import { read_checkpoint } from "../../../static/js/protocol/key_log_checkpoint.js";
import { account_index, genesis_index, LEAF, LEAF_LENGTH, MOST_VERSIONS, read_leaf } from "../../../static/js/protocol/key_log_leaf.js";
import { append_to_frontier, frontier_root, leaf_hash } from "../../../static/js/protocol/key_log_tree.js";
import { LyingLog, one_bit_off } from "../support/lying_log.js";

/** @import { VerifiedLog } from "../../../static/js/protocol/key_log_answer.js" */

const origin = "https://chat.example";
const time = 1_760_000_040_000;
const [alice, bob] = [random_bytes(16), random_bytes(16)];
const [first, second] = ["Alice's first event", "Alice's second event"].map(to_utf8);
const bobs = to_utf8("Bob's event");

/** Nine leaves: two people, two events of the first one. */
async function small_log() {
  const log = await LyingLog.begin({ origin, time });
  log.add_account({ account: alice, seq: 1, event: first }, { time });
  log.add_username({ username: "alice", account: alice }, { time });
  log.add_heartbeat({ time });
  log.add_account({ account: bob, seq: 1, event: bobs }, { time });
  log.add_username({ username: "bob", account: bob }, { time });
  log.add_heartbeat({ time });
  log.add_account({ account: alice, seq: 2, event: second }, { time });
  log.add_heartbeat({ time: time + 60_000 });
  return log;
}

const log = await small_log();
const key = { name: log.name, key: log.signing.public_key };

/** @param {number} size @param {LyingLog} [of] @returns {Promise<any>} what a browser holds after it has seen so much */
async function holding(size, of = log) {
  return size === 0 ? { ...key, size, root: new Uint8Array(32) } : { ...key, ...(await read_checkpoint(await of.checkpoint(size), key)) };
}

/** @param {Uint8Array} account */
const index_of = (account) => (/** @type {number} */ version) => account_index(account, version);
/** @param {string} username */
const name_of = (username) => (/** @type {number} */ version) => log.username_index(username, version);

/** @param {any} answer @param {VerifiedLog} seen */
function verify_alice(answer, seen) {
  const expected = { type: LEAF.account, index: index_of(alice) };
  return {
    account: verify_entry(answer.account, seen, { ...expected, content: second, version: 2 }).position,
    first: verify_entry(answer.first, seen, { ...expected, content: first, version: 1, is_newest: false }).position,
    username: verify_entry(answer.username, seen, { type: LEAF.username, index: name_of("alice"), content: alice }).position,
  };
}

/** @param {LyingLog} [of] @param {number} [since] */
const ask = (of = log, since = 0) => of.log({ since, account: alice, username: "alice" });

test("a log is believed that proves what it says", async () => {
  for (const size of [0, 1, 5, 8, 9]) {
    const answer = await ask(log, size);
    const seen = await verify_log(answer, await holding(size));
    assert.deepEqual(seen.checkpoint, { ...(await log.parts()), note: answer.checkpoint });
    assert.deepEqual(seen.last, { time: time + 60_000, map_root: read_leaf(log.leaves[8]).map_root });
    assert.deepEqual(verify_alice(answer, seen), { account: 7, first: 1, username: 2 });
  }
});

test("any log that grows is believed at every step, whoever asks for whom", async () => {
  const people = [alice, bob, random_bytes(16)];
  const step = fc.record({ who: fc.nat(2), holds: fc.nat(), beats: fc.nat(2) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const grown = await LyingLog.begin({ origin, time });
      const events = new Map(people.map((account) => [account, /** @type {Uint8Array<ArrayBuffer>[]} */ ([])]));
      for (const { who, holds, beats } of steps) {
        const [account, event] = [people[who], random_bytes(20)];
        const seq = /** @type {Uint8Array[]} */ (events.get(account)).push(event);
        const position = grown.add_account({ account, seq, event });
        for (let at = 0; at < beats; at += 1) grown.add_heartbeat();
        const size = holds % grown.size;
        const answer = await grown.log({ since: size, account });
        const seen = await verify_log(answer, await holding(size, grown));
        const expected = { type: LEAF.account, index: index_of(account), content: event, version: seq };
        assert.equal(verify_entry(answer.account, seen, expected).position, position);
      }
    }),
    { numRuns: 30 },
  );
});

test("a log that was cut back is caught, also when it has grown again", async () => {
  const held = await holding(9);
  const cut = log.fork().cut(5);
  const theirs = await cut.checkpoint();
  const caught = { code: "log_rolled_back", details: { ours: held.note, theirs, proof: null } };
  await assert.rejects(verify_log(await ask(cut, 9).catch(() => cut.log({ since: 9 })), held), caught);
  for (let at = 0; at < 6; at += 1) cut.add_heartbeat({ time });
  const grown = await cut.log({ since: 9 });
  const hashes = cut.consistency(9);
  const split = { ours: held.note, theirs: grown.checkpoint, proof: { from: 9, to: 11, hashes } };
  await assert.rejects(verify_log(grown, held), { code: "log_split", details: split });
});

test("another tree of the same size is caught", async () => {
  const held = await holding(9);
  const fork = log.fork().cut(8);
  fork.add_heartbeat({ time: time + 120_000 });
  const theirs = await fork.checkpoint();
  const details = { ours: held.note, theirs, proof: { from: 9, to: 9, hashes: new Uint8Array(0) } };
  await assert.rejects(verify_log(await fork.log({ since: 9 }), held), { code: "log_split", details });
});

test("a log that proves nothing of how it grew is caught", async () => {
  const [held, answer] = [await holding(5), await log.log({ since: 5 })];
  await assert.rejects(verify_log({ ...answer, consistency: "" }, held), { code: "log_split" });
});

test("who holds nothing has nothing to compare", async () => {
  const answer = await log.log({ since: 5 });
  await assert.rejects(verify_log(answer, await holding(0)), { code: "key_log_invalid" });
});

test("a log that is signed by another key is caught, with both notes", async () => {
  const held = await holding(9);
  const other = await LyingLog.begin({ origin, keylog_key: "another", time });
  const answer = await other.log({});
  const details = { ours: held.note, theirs: answer.checkpoint, proof: null };
  await assert.rejects(verify_log(answer, held), { code: "log_key_changed", details });
});

test("the older of two checkpoints may be either one", async () => {
  const [five, nine] = [await holding(5), await holding(9)];
  const proof = to_base64url(log.consistency(5, 9));
  check_same_log(five, nine, proof);
  check_same_log(nine, five, proof);
  const fork = log.fork().cut(4);
  fork.add_heartbeat({ time });
  const forked = await holding(5, fork);
  const details = { ours: nine.note, theirs: forked.note, proof: { from: 5, to: 9, hashes: log.consistency(5, 9) } };
  assert.throws(() => check_same_log(nine, forked, proof), { code: "log_split", details });
  assert.throws(() => check_same_log(nine, nine, proof), { code: "key_log_invalid" });
});

test("a map that was made to forget an entry proves no such entry", async () => {
  const fork = log.fork();
  fork.forget(account_index(alice, 2));
  fork.add_heartbeat({ time });
  // With the leaf that is still in the tree.
  const answer = await fork.log({ since: 9, account: alice, seq: 2, username: "alice" });
  const seen = await verify_log(answer, await holding(9));
  assert.throws(() => verify_alice(answer, seen), { code: "key_log_invalid" });
  // The event before it passes for the newest one only because of that.
  const expected = { type: LEAF.account, index: index_of(alice), content: first, version: 1 };
  assert.equal(verify_entry((await fork.log({ account: alice })).account, seen, expected).position, 1);
  const hidden = await log.log({ since: 9, account: alice, seq: 1 });
  const seen_before = await verify_log(hidden, await holding(9));
  assert.throws(() => verify_entry(hidden.account, seen_before, expected), { code: "key_log_invalid" });
});

test("an entry that the map was told to be elsewhere proves nothing", async () => {
  const fork = log.fork();
  fork.add_account({ account: bob, seq: 2, event: bobs }, { position: 4, time });
  const answer = await fork.log({ since: 9, account: bob });
  const seen = await verify_log(answer, await holding(9));
  const expected = { type: LEAF.account, index: index_of(bob), content: bobs };
  assert.throws(() => verify_entry(answer.account, seen, expected), { code: "key_log_invalid" });
});

test("an entry is of what was asked for", async () => {
  const answer = await ask();
  const seen = await verify_log(answer, await holding(0));
  const right = { type: LEAF.account, index: index_of(alice), content: second, version: 2 };
  assert.equal(verify_entry(answer.account, seen, right).version, 2);
  for (const wrong of [
    { type: LEAF.username },
    { index: index_of(bob) },
    { index: name_of("alice") },
    { content: first },
    { version: 1 },
    { version: 3 },
    { is_newest: false },
  ]) {
    assert.throws(() => verify_entry(answer.account, seen, { ...right, ...wrong }), { code: "key_log_invalid" }, JSON.stringify(wrong));
  }
  // Without the proof that there is no later one, it is good enough only where none is asked for.
  const bare = { ...answer.account };
  delete bare.absent;
  assert.equal(verify_entry(bare, seen, { ...right, is_newest: false }).position, 7);
  assert.throws(() => verify_entry(bare, seen, right), { code: "key_log_invalid" });
});

test("versions that nobody looks for are refused", async () => {
  const far = await LyingLog.begin({ origin, time });
  far.add_account({ account: bob, seq: 1, event: bobs }, { time });
  for (const seq of [MOST_VERSIONS, MOST_VERSIONS + 1]) {
    far.add_account({ account: bob, seq, event: bobs }, { time });
    const answer = await far.log({ account: bob, seq });
    const seen = await verify_log(answer, await holding(0));
    const verify = () => verify_entry(answer.account, seen, { type: LEAF.account, index: index_of(bob), content: bobs });
    if (seq > MOST_VERSIONS) assert.throws(verify, { code: "key_log_invalid" });
    else assert.equal(verify().version, seq);
  }
});

test("fields of another form are refused, each of them", async () => {
  const [answer, held] = [await ask(log, 5), await holding(5)];
  const seen = await verify_log(answer, held);
  const wrongs = [undefined, null, 1, -1, 0.5, "", "!", "AA=", [], {}, true];
  for (const field of ["checkpoint", "consistency", "last"]) {
    for (const wrong of wrongs) {
      const refused = ({ code = "" }) => code === "key_log_invalid" || (field === "consistency" && wrong === "" && code === "log_split");
      await assert.rejects(verify_log({ ...answer, [field]: wrong }, held), refused, `${field}: ${wrong}`);
    }
  }
  for (const wrong of [null, undefined, [], "", 7, {}, [answer], { ...answer, more: 1 }]) {
    await assert.rejects(verify_log(wrong, held), { code: "key_log_invalid" });
  }
  const expected = { type: LEAF.account, index: index_of(alice), content: second };
  for (const field of Object.keys(answer.account)) {
    for (const wrong of wrongs) {
      const entry = { ...answer.account, [field]: wrong };
      assert.throws(() => verify_entry(entry, seen, expected), { code: "key_log_invalid" }, `${field}: ${wrong}`);
    }
  }
  for (const wrong of [null, undefined, [], "", 7, {}]) {
    assert.throws(() => verify_entry(wrong, seen, expected), { code: "key_log_invalid" });
  }
});

test("proofs that are longer than any may be are not even decoded", () => {
  const longest = to_base64url(new Uint8Array(32 * MOST_HASHES));
  assert.equal(read_hashes(longest, MOST_HASHES).length, 32 * MOST_HASHES);
  for (const wrong of [`${longest}AAAA`, to_base64url(new Uint8Array(32 * (MOST_HASHES + 1))), "A".repeat(10_000_000), "AAAA"]) {
    assert.throws(() => read_hashes(wrong, MOST_HASHES), { code: "key_log_invalid" });
  }
});

test("the genesis is that of this origin, the first leaf, and opens to the directory key", async () => {
  const { log: answer, genesis, frontier } = await log.directory();
  const { checkpoint } = await verify_log(answer, await holding(0));
  assert.deepEqual(verify_genesis(genesis, origin, checkpoint), log.directory_key);
  assert.deepEqual(verify_frontier(frontier, checkpoint), log.frontier());
  assert.throws(() => verify_genesis(genesis, "https://other.example", checkpoint), { code: "key_log_invalid" });
  const second_leaf = { leaf: to_base64url(log.leaves[1]), inclusion: to_base64url(log.inclusion(1)) };
  assert.throws(() => verify_genesis({ ...genesis, ...second_leaf }, origin, checkpoint), { code: "key_log_invalid" });
  for (const wrong of [null, {}, { ...genesis, more: 1 }, { ...genesis, directory_key: to_base64url(random_bytes(32)) }]) {
    assert.throws(() => verify_genesis(wrong, origin, checkpoint), { code: "key_log_invalid" });
  }
  const retyped = new LyingLog(log);
  const content = /** @type {Uint8Array} */ (log.directory_key);
  retyped.add({ type: LEAF.account, index: genesis_index(origin), content }, { in_map: false });
  const of_one = { ...checkpoint, size: 1, root: retyped.root() };
  assert.throws(() => verify_genesis(retyped.genesis(), origin, of_one), { code: "key_log_invalid" });
  for (const wrong of [null, "", to_base64url(log.frontier(8)), to_base64url(log.root())]) {
    assert.throws(() => verify_frontier(wrong, checkpoint), { code: "key_log_invalid" });
  }
});

// A log served with one flipped bit

const CAUGHT = new Set(["key_log_invalid", "log_split", "log_key_changed", "log_rolled_back"]);

/** @param {() => unknown} check @param {string} what */
async function is_refused(check, what) {
  try {
    await check();
  } catch (error) {
    assert.ok(is_talk2me_error(error) && CAUGHT.has(error.code), `${error} for ${what}`);
    return;
  }
  assert.fail(`believed: ${what}`);
}

/**
 * Every JSON value whose text differs in one bit; what is no JSON any more does not get as far as this code.
 * @param {unknown} value
 * @returns {Iterable<{ text: string, changed: any }>}
 */
function* flipped(value) {
  for (const text of one_bit_off(JSON.stringify(value))) {
    try {
      yield { text, changed: JSON.parse(text) };
    } catch {
      // refused by the transport
    }
  }
}

test("an answer with any one bit flipped is refused, but for its entries", async () => {
  const [{ account, first: first_entry, username, ...rest }, held] = [await ask(log, 5), await holding(5)];
  for (const { text, changed } of flipped(rest)) {
    await is_refused(() => verify_log({ ...changed, account, first: first_entry, username }, held), text);
  }
  for (const { text, changed } of flipped({ account: null, first: null, username: null })) {
    await is_refused(() => verify_log({ ...rest, ...changed }, held), text);
  }
});

test("an entry with any one bit flipped is refused", async () => {
  const answer = await ask(log, 5);
  const seen = await verify_log(answer, await holding(5));
  const of_alice = { type: LEAF.account, index: index_of(alice) };
  for (const [entry, expected] of [
    [answer.account, { ...of_alice, content: second, version: 2 }],
    [answer.first, { ...of_alice, content: first, version: 1, is_newest: false }],
    [answer.username, { type: LEAF.username, index: name_of("alice"), content: alice }],
  ]) {
    assert.ok(verify_entry(entry, seen, expected));
    for (const { text, changed } of flipped(entry)) await is_refused(() => verify_entry(changed, seen, expected), text);
  }
});

test("a directory with any one bit flipped is refused", async () => {
  const { log: answer, genesis, frontier } = await log.directory();
  const { checkpoint } = await verify_log(answer, await holding(0));
  for (const { text, changed } of flipped(genesis)) await is_refused(() => verify_genesis(changed, origin, checkpoint), text);
  for (const { text, changed } of flipped({ frontier })) await is_refused(() => verify_frontier(changed.frontier, checkpoint), text);
});

test("leaves with any one bit flipped don't add up to the root", () => {
  const from = 3;
  const leaves = log.leaves_between(from, log.size);
  /** What a look at the tail makes of them. */
  const scan = () => {
    let frontier = log.frontier(from);
    for (let at = 0; at < leaves.length; at += LEAF_LENGTH) {
      frontier = append_to_frontier(frontier, from + at / LEAF_LENGTH, leaf_hash(leaves.subarray(at, at + LEAF_LENGTH)));
    }
    return equal(frontier_root(frontier, log.size), log.root());
  };
  assert.ok(scan());
  for (let bit = 0; bit < 8 * leaves.length; bit += 1) {
    leaves[bit >> 3] ^= 1 << (bit & 7);
    assert.ok(!scan(), `bit ${bit}`);
    leaves[bit >> 3] ^= 1 << (bit & 7);
  }
});
