// @ts-check
// Fifty people: made, filled, one taken out, and everybody reads what everybody else may.
import assert from "node:assert/strict";
import { test } from "node:test";
import { equal, to_utf8 } from "../../../static/js/codec/bytes.js";
import { SUITE_CLASSIC, SUITE_XWING, describe, encrypt, process, remove_members } from "../../../static/js/protocol/mls.js";
import { make_device, make_group, trusting } from "./mls_people.js";

/** @import { Group } from "../../../static/js/protocol/mls_state.js" */

const PEOPLE = 50;

/** @param {Group[]} groups @param {number} from @param {string} text @returns {Promise<Group[]>} after all others have read it */
async function say(groups, from, text) {
  const sent = await encrypt(groups[from], to_utf8(text));
  const after = [];
  for (const [at, group] of groups.entries()) {
    if (at === from) {
      after.push(sent.group);
      continue;
    }
    const got = await process(group, sent.body, trusting);
    assert.ok(got.kind === "application" && equal(got.plain, to_utf8(text)));
    after.push(got.group);
  }
  return after;
}

/** @param {Group[]} groups @param {number} from @param {{ commit: Uint8Array, group: Group }} made @returns {Promise<Group[]>} */
async function follow(groups, from, made) {
  const after = [];
  for (const [at, group] of groups.entries()) after.push(at === from ? made.group : (await process(group, made.commit, trusting)).group);
  return after;
}

for (const suite of [SUITE_CLASSIC, SUITE_XWING]) {
  test(`suite ${suite}: fifty people talk, one is taken out, and forty-nine go on without it`, async () => {
    const devices = [];
    while (devices.length < PEOPLE) devices.push(await make_device());
    let groups = await make_group(devices, { suite });
    groups = await say(groups, 0, "welcome");
    groups = await say(groups, PEOPLE - 1, "thank you");

    const out = 23;
    groups = await follow(groups, 3, await remove_members(groups[3], [describe(groups[out]).own_leaf], trusting));
    const [gone] = groups.splice(out, 1);
    assert.ok(describe(gone).removed);
    groups = await say(groups, 7, "without you");
    const { body } = await encrypt(groups[0], to_utf8("still without you"));
    await assert.rejects(process(gone, body, trusting));

    const { epoch, members } = describe(groups[0]);
    assert.equal(members.length, PEOPLE - 1);
    for (const group of groups) assert.deepEqual([describe(group).epoch, describe(group).members], [epoch, members]);
  });
}
