// @ts-check
// The short form of `make soak` (tests/js/soak/README.md).
import assert from "node:assert/strict";
import { test } from "node:test";
import { run_storm } from "../soak/storm.js";

const MESSAGES = 200;
// The same storm each time: what is new is looked for by `make soak`.
const SEED = 11;
const STRIKE_EVERY = 23;

test("many devices in bad weather end with the same messages, and a fresh one restores them", { timeout: 600_000 }, async () => {
  const { summary, problems } = await run_storm({ messages: MESSAGES, minutes: 5, strike_every: STRIKE_EVERY, seed: SEED });
  assert.deepEqual(problems, []);
  assert.ok(summary.messages >= MESSAGES * 0.9, JSON.stringify(summary));
});
