// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { to_utf8 } from "../../../static/js/codec/bytes.js";
import {
  SUITE_CLASSIC,
  SUITE_XWING,
  describe,
  encrypt,
  export_secret,
  group_from_parts,
  group_parts,
  process,
} from "../../../static/js/protocol/mls.js";
import { make_device, make_group, trusting } from "./mls_people.js";

for (const suite of [SUITE_CLASSIC, SUITE_XWING]) {
  test(`suite ${suite}: two devices talk both ways`, async () => {
    const [alice, bob] = [await make_device(), await make_device()];
    let [a, b] = await make_group([alice, bob], { suite, kind: "direct" });
    assert.deepEqual(describe(a).members, describe(b).members);
    const sent = await encrypt(a, to_utf8("hello"));
    const got = await process(b, sent.body, trusting);
    assert.equal(got.kind, "application");
    assert.deepEqual(got.kind === "application" && got.plain, to_utf8("hello"));
    assert.deepEqual(got.kind === "application" && got.sender, { leaf: 0, account: alice.account, device: alice.device });
    a = sent.group;
    b = got.group;
    const label = "talk2me/1 test";
    assert.deepEqual(await export_secret(a, label, to_utf8("x"), 32), await export_secret(b, label, to_utf8("x"), 32));
    const answer = await encrypt(b, to_utf8("hi"));
    const back = await process(a, answer.body, trusting);
    assert.deepEqual(back.kind === "application" && back.plain, to_utf8("hi"));
  });
}

test("a group read from its parts goes on where it was, and a message changes one part", async () => {
  const devices = [await make_device(), await make_device()];
  const [a, b] = await make_group(devices);
  const before = group_parts(a);
  const stored = group_from_parts(before, { signature_key: devices[0].signature_key });
  assert.deepEqual(describe(stored), describe(a));
  const sent = await encrypt(stored, to_utf8("one"));
  const after = group_parts(sent.group);
  const changed = [...after].filter(([name, bytes]) => before.get(name) !== bytes).map(([name]) => name);
  assert.deepEqual(changed, ["ratchets/1/0"]);
  assert.deepEqual([...after.keys()], [...before.keys()]);
  const got = await process(b, sent.body, trusting);
  assert.deepEqual(got.kind === "application" && got.plain, to_utf8("one"));
});
