// @ts-check
// Random histories among our own devices: commits made at the same time are decided by the order of slots, losers drop
// theirs, process the winner and try again. Whatever happens, all members share every epoch's secrets.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SUITE_CLASSIC, SUITE_XWING, group_from_parts, group_parts } from "../../../static/js/protocol/mls.js";
import { make_device, make_group } from "./mls_people.js";
import { World } from "./mls_world.js";

/** @import { Device } from "./mls_people.js" */

const ACCOUNTS = 4;
const DEVICES_EACH = 2;

const wish = fc.record({
  actor: fc.nat(20),
  target: fc.nat(20),
  what: fc.constantFrom("add", "add_two", "remove", "update", "external"),
});
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("commits"), wishes: fc.array(wish, { minLength: 1, maxLength: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("message"), actor: fc.nat(20), late: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave"), actor: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reload"), actor: fc.nat(20) }) },
);

/** @param {number} suite @param {number} runs @param {number} most steps */
async function check_histories(suite, runs, most) {
  /** @type {Device[]} */
  const devices = [];
  for (let at = 0; at < ACCOUNTS; at += 1) {
    const first = await make_device();
    devices.push(first);
    for (let more = 1; more < DEVICES_EACH; more += 1) devices.push(await make_device(first.account));
  }
  const property = fc.asyncProperty(fc.array(step, { minLength: most, maxLength: most }), async (steps) => {
    const world = new World(devices, suite);
    const start = [devices[0], devices[2], devices[4]];
    const groups = await make_group(start, { suite });
    world.seats = start.map((device, at) => ({ device, group: groups[at] }));
    for (const now of steps) {
      if ("wishes" in now) await world.commit(now.wishes);
      else if ("late" in now) await world.send(now.actor, now.late);
      else if (now.kind === "leave") await world.leave(now.actor);
      else {
        const seat = world.seat(now.actor);
        seat.group = group_from_parts(group_parts(seat.group), { signature_key: seat.device.signature_key });
      }
      await world.check();
    }
    assert.ok(world.commits > steps.length / 4 && world.sent > 0, "a history in which nothing happens shows nothing");
  });
  await fc.assert(property, { numRuns: runs, endOnFailure: true, includeErrorInReport: true });
}

test("suite 1: random histories of up to eight devices end alike for all", () => check_histories(SUITE_CLASSIC, 3, 36));
test("suite 83: random histories of up to eight devices end alike for all", () => check_histories(SUITE_XWING, 2, 25));
