// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { tell_restored } from "../../../static/js/session/archive/tell_restored.js";
import { Device } from "../../../static/js/session/device.js";

test("of what comes out of the archive the first is told at once, and the rest once a second, each conversation once; the list only where it shows something else", async (test_) => {
  test_.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {string[]} */
  const told = [];
  const device = new Device({
    origin: "http://127.0.0.1:1",
    store: /** @type {any} */ (null),
    now: Date.now,
    random: random_bytes,
    emit: (topic, detail) => told.push(detail ? `${topic} ${detail.conversation}` : topic),
  });
  const tick = async () => {
    test_.mock.timers.tick(1_000);
    // What `later` runs is run one turn after.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  tell_restored(device, { conversations: ["one"], is_list_changed: true });
  assert.deepEqual(told.splice(0), ["messages one", "conversations"]);
  for (let piece = 0; piece < 10; piece += 1) tell_restored(device, { conversations: ["one", "two"], is_list_changed: piece === 3 });
  assert.deepEqual(told, []);
  await tick();
  assert.deepEqual(told.splice(0), ["messages one", "messages two", "conversations"]);
  await tick();
  assert.deepEqual(told, []);
  tell_restored(device, { conversations: ["three"], is_list_changed: false });
  assert.deepEqual(told, ["messages three"]);
});
