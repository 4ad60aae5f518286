// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concat } from "../../../static/js/codec/bytes.js";
import { pack } from "../../../static/js/codec/msgpack.js";
import { pad_with_length, padded_length } from "../../../static/js/codec/padme.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { decode_content, encode_content, split_plain } from "../../../static/js/protocol/content.js";
import { commitment_holds, make_commitment } from "../../../static/js/protocol/franking.js";

/** @import { Content } from "../../../static/js/protocol/content_schema.js" */

const mailbox = random_bytes(16);
const opening = random_bytes(32);
const head = {
  id: random_bytes(16),
  time: 1_760_000_000_000,
  seen: { sequence: 4, transcript: random_bytes(32) },
  chain: { seq: 1, hash: random_bytes(32) },
  checkpoint: null,
};
/** @type {Content} */
const hello = { ...head, type: "text", body: { text: "hello" } };
const invalid = { code: "content_invalid" };

/** Encodes as a sender who keeps no rules would. @param {unknown} value */
async function encode_anything(value) {
  const content = pack(value);
  const commitment = await make_commitment(opening, mailbox, content);
  return { plain: pad_with_length(concat(opening, content), 512), commitment };
}

test("every text up to the limit comes back", async () => {
  const letter = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
  await fc.assert(
    fc.asyncProperty(letter, fc.integer({ min: 1, max: 16_384 }), async (character, times) => {
      const content = /** @type {Content} */ ({ ...head, type: "text", body: { text: character.repeat(times) } });
      const { plain, commitment } = await encode_content(content, opening, mailbox);
      assert.deepEqual(await decode_content(plain, mailbox, commitment), content);
      assert.equal(plain.length, padded_length(plain.length, 512));
    }),
    { numRuns: 30 },
  );
});

test("texts of one size class look alike from outside", async () => {
  const sizes = await Promise.all(
    ["no", "yes, of course"].map(async (text) => {
      const content = /** @type {Content} */ ({ ...hello, body: { text } });
      return (await encode_content(content, opening, mailbox)).plain.length;
    }),
  );
  assert.equal(sizes[0], sizes[1]);
});

test("any flipped bit is refused", async () => {
  const { plain, commitment } = await encode_content(hello, opening, mailbox);
  for (let bit = 0; bit < 8 * plain.length; bit += 1) {
    const changed = plain.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    await assert.rejects(decode_content(changed, mailbox, commitment), ({ code }) =>
      ["content_invalid", "commitment_wrong"].includes(code),
    );
  }
});

test("every truncation and anything behind it is refused", async () => {
  const { plain, commitment } = await encode_content(hello, opening, mailbox);
  for (let length = 0; length < plain.length; length += 1) {
    // Cut to this it says the same, in the form of releases before (content_sizes.test.js).
    if (length === 256) continue;
    await assert.rejects(decode_content(plain.subarray(0, length), mailbox, commitment), invalid);
  }
  await assert.rejects(decode_content(concat(plain, new Uint8Array(16)), mailbox, commitment), invalid);
});

test("a commitment to something else, or for another mailbox, is refused", async () => {
  const { plain, commitment } = await encode_content(hello, opening, mailbox);
  const wrong = { code: "commitment_wrong" };
  await assert.rejects(decode_content(plain, random_bytes(16), commitment), wrong);
  await assert.rejects(decode_content(plain, mailbox, random_bytes(32)), wrong);
  await assert.rejects(decode_content(plain, mailbox, new Uint8Array(0)), wrong);
});

test("what a report shows proves the content and nothing else", async () => {
  const { plain, commitment } = await encode_content(hello, opening, mailbox);
  const shown = split_plain(plain);
  assert.equal(await commitment_holds(commitment, shown.opening, mailbox, shown.content), true);
  assert.equal(await commitment_holds(commitment, shown.opening, mailbox, pack({ ...hello, v: 1 })), false);
});

test("a type of a newer version is kept as unknown, its body unread", async () => {
  for (const type of ["poll", "__proto__", "constructor"]) {
    const { plain, commitment } = await encode_anything({ v: 1, ...head, type, body: [1, { anything: null }] });
    assert.deepEqual(await decode_content(plain, mailbox, commitment), { ...head, type: "unknown" });
  }
});

const value = { v: 1, ...hello };
/** @type {[string, unknown][]} */
const REFUSED = [
  ["another version", { ...value, v: 2 }],
  ["no map", [1]],
  ["an unknown field", { ...value, more: 1 }],
  ["a missing field", { v: 1, ...head, type: "text" }],
  ["a type that is no text", { ...value, type: 1 }],
  ["an empty type", { ...value, type: "" }],
  ["an id of another length", { ...value, id: new Uint8Array(15) }],
  ["a time before 1970", { ...value, time: -1 }],
  ["a time with a fraction", { ...value, time: 0.5 }],
  ["nothing seen", { ...value, seen: null }],
  ["a transcript of another length", { ...value, seen: { sequence: 1, transcript: new Uint8Array(31) } }],
  ["more than was asked for in seen", { ...value, seen: { ...head.seen, more: 1 } }],
  ["a chain without events", { ...value, chain: { seq: 0, hash: new Uint8Array(32) } }],
  ["a checkpoint without root", { ...value, checkpoint: { size: 1 } }],
  ["a checkpoint without signature", { ...value, checkpoint: { size: 1, root: new Uint8Array(32) } }],
  ["a checkpoint of nothing", { ...value, checkpoint: { size: 0, root: new Uint8Array(32), signature: new Uint8Array(64) } }],
  ["an empty text", { ...value, body: { text: "" } }],
  ["a text over the limit", { ...value, body: { text: "x".repeat(16_385) } }],
  ["a text that is bytes", { ...value, body: { text: new Uint8Array(3) } }],
  ["a body with more in it", { ...value, body: { text: "x", html: "y" } }],
  ["a receipt for too much", { ...value, type: "receipt", body: { delivered: Array(257).fill(head.id) } }],
  ["a receipt for no id", { ...value, type: "receipt", body: { delivered: ["x"] } }],
  ["an introduction with a wrong token", { ...value, type: "introduction", body: { invitation: new Uint8Array(8) } }],
];

for (const [what, wrong] of REFUSED) {
  test(`refused: ${what}`, async () => {
    const { plain, commitment } = await encode_anything(wrong);
    await assert.rejects(decode_content(plain, mailbox, commitment), invalid);
  });
}

test("content that is not MessagePack in its one form is refused", async () => {
  for (const content of [Uint8Array.of(0xc1), concat(pack(value), Uint8Array.of(0xc0)), new Uint8Array(0)]) {
    const commitment = await make_commitment(opening, mailbox, content);
    await assert.rejects(decode_content(pad_with_length(concat(opening, content), 512), mailbox, commitment), invalid);
  }
});

test("what no receiver would take is not encoded", async () => {
  const wrong = [
    { ...hello, type: "poll" },
    { ...hello, type: "unknown" },
    { ...hello, body: { text: "" } },
    { ...hello, body: { text: "\ud800" } },
    { ...hello, id: "x" },
  ];
  for (const content of wrong) await assert.rejects(encode_content(/** @type {any} */ (content), opening, mailbox), invalid);
  await assert.rejects(encode_content(hello, new Uint8Array(31), mailbox), invalid);
});

test("a time that no page can show is refused, on either side", async () => {
  const last = 8_640_000_000_000_000;
  const { plain, commitment } = await encode_content({ ...hello, time: last }, opening, mailbox);
  assert.equal(new Date((await decode_content(plain, mailbox, commitment)).time).toISOString(), "+275760-09-13T00:00:00.000Z");
  await assert.rejects(encode_content({ ...hello, time: last + 1 }, opening, mailbox), invalid);
  const later = await encode_anything({ v: 1, ...hello, time: Number.MAX_SAFE_INTEGER });
  await assert.rejects(decode_content(later.plain, mailbox, later.commitment), invalid);
});
