// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { random_bytes } from "../../../static/js/crypto/random.js";
import * as transcript from "../../../static/js/protocol/transcript.js";

/** @typedef {Parameters<typeof transcript.next>[1]} Envelope */

const start = await transcript.start(random_bytes(64));
/** @returns {Envelope} */
const make = (/** @type {number} */ sequence) => ({
  sequence,
  id: random_bytes(16),
  kind: "application",
  body_hash: random_bytes(32),
});
const envelopes = [make(2), make(3), make(4)];

/** @param {Envelope[]} seen */
async function after(seen) {
  let held = start;
  for (const envelope of seen) held = await transcript.next(held, envelope);
  return held;
}

test("two people who were given the same have the same transcript", async () => {
  assert.deepEqual(await after(envelopes), await after(envelopes));
});

test("dropping, exchanging, doubling or changing an envelope shows", async () => {
  const [a, b, c] = envelopes;
  const told = await after(envelopes);
  for (const other of [
    [a, c],
    [b, a, c],
    [a, b, b, c],
    [a, { ...b, sequence: 9 }, c],
    [a, { ...b, id: random_bytes(16) }, c],
    [a, { ...b, kind: /** @type {const} */ ("proposal") }, c],
    [a, { ...b, body_hash: random_bytes(32) }, c],
  ]) {
    assert.notDeepEqual(await after(other), told);
  }
});

test("another group's state begins another transcript", async () => {
  assert.notDeepEqual(await transcript.start(random_bytes(64)), start);
});
