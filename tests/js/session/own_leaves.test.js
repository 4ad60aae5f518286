// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { can_be_own } from "../../../static/js/session/key_log/own_leaves.js";

const places = { "event/1": 3, "event/3": 12, "username/1": 4 };

test("an event between two that are known has its leaf between theirs", () => {
  assert.ok(can_be_own(places, { name: "event/2", version: 2, position: 8 }, 3));
  assert.ok(!can_be_own(places, { name: "event/2", version: 2, position: 13 }, 3));
  assert.ok(!can_be_own(places, { name: "event/2", version: 2, position: 2 }, 3));
});

test("an event has one place, and none beyond the chain", () => {
  assert.ok(can_be_own(places, { name: "event/3", version: 3, position: 12 }, 3));
  assert.ok(!can_be_own(places, { name: "event/3", version: 3, position: 15 }, 3));
  assert.ok(!can_be_own(places, { name: "event/4", version: 4, position: 15 }, 3));
  assert.ok(can_be_own(places, { name: "event/4", version: 4, position: 15 }, 4));
});

test("a name is where it was, and nobody else's", () => {
  assert.ok(can_be_own(places, { name: "username/1", version: 1, position: 4 }, 3));
  assert.ok(!can_be_own(places, { name: "username/1", version: 1, position: 9 }, 3));
  assert.ok(!can_be_own(places, { name: "username/2", version: 2, position: 9 }, 3));
});
