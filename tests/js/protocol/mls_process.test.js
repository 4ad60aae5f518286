// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { from_utf8, to_utf8 } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import {
  SUITE_CLASSIC,
  SUITE_XWING,
  add_members,
  describe,
  encrypt,
  export_secret,
  group_parts,
  join_from_welcome,
  process,
  remove_members,
  update_keys,
} from "../../../static/js/protocol/mls.js";
import { key_package_of, make_device, make_group, trusting } from "./mls_people.js";

/** @import { Group } from "../../../static/js/protocol/mls_state.js" */

async function two() {
  return make_group([await make_device(), await make_device()], { kind: "direct" });
}

/** @param {Group} group @param {string} text */
async function say(group, text) {
  return encrypt(group, to_utf8(text));
}

/** @param {Group} group @param {Uint8Array} body */
async function hear(group, body) {
  const got = await process(group, body, trusting);
  assert.ok(got.kind === "application");
  return { group: got.group, text: from_utf8(got.plain) };
}

/** @param {Group} group @param {Uint8Array} body @param {string} code @param {string} [reason] */
async function assert_unreadable(group, body, code, reason) {
  const before = [...group_parts(group)];
  await assert.rejects(process(group, body, trusting), (/** @type {any} */ error) => {
    assert.deepEqual([error.code, error.details.reason], [code, reason]);
    return true;
  });
  assert.deepEqual([...group_parts(group)], before);
}

for (const suite of [SUITE_CLASSIC, SUITE_XWING]) {
  test(`suite ${suite}: two devices talk both ways and share what they export`, async () => {
    const [alice, bob] = [await make_device(), await make_device()];
    const [a, b] = await make_group([alice, bob], { suite, kind: "direct" });
    assert.deepEqual(describe(a).members, describe(b).members);
    assert.deepEqual([describe(b).kind, describe(b).suite, describe(b).epoch], ["direct", suite, 1]);
    const sent = await say(a, "hello");
    const got = await process(b, sent.body, trusting);
    assert.ok(got.kind === "application");
    assert.deepEqual(got.sender, { leaf: 0, account: alice.account, device: alice.device });
    const answer = await say(got.group, "hi");
    assert.equal((await hear(sent.group, answer.body)).text, "hi");
    const secret = await export_secret(a, "talk2me/1 test", to_utf8("x"), 32);
    assert.deepEqual(await export_secret(b, "talk2me/1 test", to_utf8("x"), 32), secret);
    assert.notDeepEqual(await export_secret(b, "talk2me/1 test", to_utf8("y"), 32), secret);
  });
}

test("messages are read in any order, each once", async () => {
  const [a, b] = await two();
  const first = await say(a, "one");
  const second = await say(first.group, "two");
  const third = await say(second.group, "three");
  let reader = b;
  for (const [body, text] of /** @type {const} */ ([
    [third.body, "three"],
    [first.body, "one"],
    [second.body, "two"],
  ])) {
    const got = await hear(reader, body);
    assert.equal(got.text, text);
    reader = got.group;
    await assert_unreadable(reader, body, "not_decryptable");
  }
});

test("a thousand late messages stay readable, and no more", async () => {
  const [a, b] = await two();
  let writer = a;
  const bodies = [];
  for (let at = 0; at < 1_003; at += 1) {
    const sent = await say(writer, `${at}`);
    writer = sent.group;
    bodies.push(sent.body);
  }
  const jumped = (await hear(b, bodies[1_002])).group;
  assert.equal((await hear(jumped, bodies[2])).text, "2");
  await assert_unreadable(jumped, bodies[1], "not_decryptable");
});

test("the last four epochs stay readable, for messages only", async () => {
  let [a, b] = await two();
  const bodies = [];
  const commits = [];
  for (let epoch = 0; epoch < 5; epoch += 1) {
    bodies.push((await say(a, `${epoch}`)).body);
    const { group, commit } = await update_keys(a, trusting);
    commits.push(commit);
    b = (await process(b, commit, trusting)).group;
    a = group;
  }
  await assert_unreadable(b, bodies[0], "not_decryptable", "epoch_gone");
  for (const at of [1, 2, 3, 4]) assert.equal((await hear(b, bodies[at])).text, `${at}`);
  await assert_unreadable(b, commits[0], "not_decryptable", "epoch_gone");
  await assert_unreadable(b, commits[4], "not_decryptable");
});

test("a message of an epoch that is yet to come says that a commit is missing", async () => {
  const [a, b] = await two();
  const { group } = await update_keys(a, trusting);
  await assert_unreadable(b, (await say(group, "ahead")).body, "not_decryptable", "epoch_ahead");
});

test("one's own ciphertext, returned as the other's, is not read", async () => {
  const [a] = await two();
  const { group, body } = await say(a, "mine");
  await assert_unreadable(group, body, "not_decryptable");
});

test("what a copy of this device sent is not taken for a message of the other", async () => {
  const [a] = await two();
  const { body } = await say(a, "from the copy");
  await assert_unreadable(a, body, "not_decryptable", "own_leaf");
});

test("one's own state of before a commit that lost takes the winner", async () => {
  const [a, b] = await two();
  const lost = await update_keys(a, trusting);
  const won = await update_keys(b, trusting);
  const after = (await process(a, won.commit, trusting)).group;
  assert.deepEqual(describe(after).confirmed_transcript_hash, describe(won.group).confirmed_transcript_hash);
  await assert_unreadable(won.group, lost.commit, "not_decryptable", "epoch_gone");
  assert.equal((await hear(won.group, (await say(after, "together")).body)).text, "together");
});

test("whatever a server makes of an envelope, it is refused and changes nothing", async () => {
  const [a, b] = await two();
  const message = (await say(a, "hello")).body;
  const { commit } = await update_keys(a, trusting);
  const any_body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.record({ body: fc.constantFrom(message, commit), at: fc.nat(10_000), flip: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ body: fc.constantFrom(message, commit), cut: fc.nat(10_000) }),
    fc.record({ body: fc.constantFrom(message, commit), more: fc.uint8Array({ minLength: 1, maxLength: 9 }) }),
  );
  const before = [...group_parts(b)];
  const property = fc.asyncProperty(any_body, async (made) => {
    let body = made instanceof Uint8Array ? made : made.body.slice();
    if ("flip" in made) body[made.at % body.length] ^= made.flip;
    if ("cut" in made) body = body.slice(0, made.cut % body.length);
    if ("more" in made) body = Uint8Array.from([...body, ...made.more]);
    await assert.rejects(process(b, body, trusting), { name: "Talk2meError" });
  });
  await fc.assert(property, { numRuns: 400 });
  assert.deepEqual([...group_parts(b)], before);
});

test("a welcome for someone else, a damaged one and something else altogether are refused", async () => {
  const [alice, bob, carol] = await Promise.all([make_device(), make_device(), make_device()]);
  const own = await key_package_of(bob);
  const [group] = await make_group([alice]);
  const { welcome, commit } = await add_members(group, [own.key_package], trusting);
  assert.ok(welcome !== null);
  const options = { signature_key: bob.signature_key, policy: trusting };
  const other = await key_package_of(carol);
  await assert.rejects(join_from_welcome({ ...options, welcome, key_packages: [other] }), { code: "group_missing" });
  const damaged = welcome.slice();
  damaged[damaged.length - 1] ^= 1;
  await assert.rejects(join_from_welcome({ ...options, welcome: damaged, key_packages: [own] }), { code: "group_refused" });
  for (const bytes of [commit, random_bytes(40)]) {
    await assert.rejects(join_from_welcome({ ...options, welcome: bytes, key_packages: [own] }), { code: "envelope_invalid" });
  }
  const joined = await join_from_welcome({ ...options, welcome, key_packages: [other, own] });
  assert.deepEqual(joined.used, own.reference);
});

test("nothing is sent, committed or read after one's own removal", async () => {
  const [a, b] = await two();
  const removal = await remove_members(a, [1], trusting);
  const told = await process(b, removal.commit, trusting);
  assert.ok(told.kind === "commit" && told.self_removed);
  assert.deepEqual(told.removed, [{ account: describe(b).members[1].account, device: describe(b).members[1].device }]);
  const gone = { code: "group_refused" };
  await assert.rejects(encrypt(told.group, to_utf8("x")), gone);
  await assert.rejects(update_keys(told.group, trusting), gone);
  await assert.rejects(process(told.group, (await say(a, "late")).body, trusting), gone);
});

test("who invited is told by the welcome's signature, whichever leaf the joiner gets", async () => {
  const [first, second, joiner] = [await make_device(), await make_device(), await make_device()];
  const [, group] = await make_group([first, second]);
  const without_first = await remove_members(group, [0], trusting);
  const own = await key_package_of(joiner);
  const { welcome } = await add_members(without_first.group, [own.key_package], trusting);
  const joined = await join_from_welcome({
    welcome: /** @type {Uint8Array} */ (welcome),
    key_packages: [own],
    signature_key: joiner.signature_key,
    policy: trusting,
  });
  assert.equal(describe(joined.group).own_leaf, 0);
  assert.deepEqual(joined.inviter, { leaf: 1, account: second.account, device: second.device, signature_key: second.signature_key.public_key });
});
