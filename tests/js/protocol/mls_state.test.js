// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { to_utf8 } from "../../../static/js/codec/bytes.js";
import {
  SUITE_CLASSIC,
  SUITE_XWING,
  describe,
  encrypt,
  group_from_parts,
  group_parts,
  process,
  propose_leave,
  remove_members,
  update_keys,
} from "../../../static/js/protocol/mls.js";
import { make_device, make_group, trusting } from "./mls_people.js";

/** @param {number} count */
async function people(count) {
  return Promise.all(Array.from({ length: count }, () => make_device()));
}

/** @param {Map<string, Uint8Array>} before @param {Map<string, Uint8Array>} after */
function changed(before, after) {
  return [...after].filter(([name, bytes]) => before.get(name) !== bytes).map(([name]) => name);
}

/** As a store gives them back: other objects with the same bytes. @param {Map<string, Uint8Array>} parts */
function stored(parts) {
  return new Map([...parts].map(([name, bytes]) => [name, bytes.slice()]));
}

for (const suite of [SUITE_CLASSIC, SUITE_XWING]) {
  test(`suite ${suite}: a message changes one small part, sent or received, before and after a reload`, async () => {
    const devices = await people(4);
    const [a, b] = await make_group(devices, { suite });
    const parts = stored(group_parts(a));
    const again = group_from_parts(parts, { signature_key: devices[0].signature_key });
    assert.deepEqual(describe(again), describe(a));
    assert.deepEqual(changed(parts, group_parts(again)), []);
    const sent = await encrypt(again, to_utf8("one"));
    const after = group_parts(sent.group);
    assert.deepEqual(changed(parts, after), ["ratchets/1/0"]);
    assert.ok((after.get("ratchets/1/0")?.length ?? Infinity) < 300);
    const before_reading = group_parts(b);
    const got = await process(b, sent.body, trusting);
    assert.deepEqual(changed(before_reading, group_parts(got.group)), ["ratchets/1/0"]);
  });
}

test("a commit adds the parts of its epoch and keeps those of the last four", async () => {
  const devices = await people(2);
  let [group] = await make_group(devices);
  for (let epoch = 2; epoch < 8; epoch += 1) {
    const before = group_parts(group);
    group = (await update_keys(group, trusting)).group;
    const names = changed(before, group_parts(group));
    const own = [`epoch/${epoch}`, `tree/${epoch}`, `ratchets/${epoch}/0`, `ratchets/${epoch}/1`];
    assert.deepEqual(names.sort(), ["keys", "proposals", ...own].sort());
  }
  const epochs = [...group_parts(group).keys()].filter((name) => name.startsWith("epoch/")).sort();
  assert.deepEqual(epochs, ["epoch/3", "epoch/4", "epoch/5", "epoch/6", "epoch/7"]);
});

test("after a reload old epochs are readable, wishes to leave are known, and a removed device stays out", async () => {
  const devices = await people(3);
  const [a, b, c] = await make_group(devices);
  const reload = (/** @type {typeof a} */ group, /** @type {number} */ at) =>
    group_from_parts(stored(group_parts(group)), { signature_key: devices[at].signature_key });
  const old = await encrypt(a, to_utf8("old"));
  const update = await update_keys(old.group, trusting);
  const b_after = reload((await process(b, update.commit, trusting)).group, 1);
  const got = await process(b_after, old.body, trusting);
  assert.deepEqual(got.kind === "application" && got.plain, to_utf8("old"));

  const leaving = await propose_leave((await process(c, update.commit, trusting)).group);
  const told = reload((await process(b_after, leaving.body, trusting)).group, 1);
  assert.deepEqual(describe(told).leaving, [2]);
  const removal = await remove_members(told, [], trusting);
  const gone = reload((await process(reload(leaving.group, 2), removal.commit, trusting)).group, 2);
  assert.equal(describe(gone).removed, true);
});

test("what a group forgets: ratchets of nobody, private keys of blanked nodes, the signature key", async () => {
  const devices = await people(4);
  const [a] = await make_group(devices);
  const updated = (await update_keys(a, trusting)).group;
  const { group } = await remove_members(updated, [1], trusting);
  const names = [...group_parts(group).keys()].filter((name) => name.startsWith("ratchets/3/"));
  assert.deepEqual(names, ["ratchets/3/0", "ratchets/3/2", "ratchets/3/3"]);
  const { privatePath, ratchetTree, signaturePrivateKey } = group.state;
  for (const node of Object.keys(privatePath.privateKeys)) assert.notEqual(ratchetTree[Number(node)], undefined);
  assert.equal(signaturePrivateKey.length, 0);
});

test("damaged or missing parts are noticed", async () => {
  const devices = await people(2);
  const [a] = await make_group(devices);
  const own = { signature_key: devices[0].signature_key };
  for (const name of group_parts(a).keys()) {
    const missing = stored(group_parts(a));
    missing.delete(name);
    assert.throws(() => group_from_parts(missing, own), { code: "storage_damaged" });
    const longer = stored(group_parts(a));
    longer.set(name, Uint8Array.from([...(longer.get(name) ?? []), 0]));
    assert.throws(() => group_from_parts(longer, own), { code: "storage_damaged" });
  }
});
