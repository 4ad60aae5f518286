// @ts-check
// What the size of an envelope tells of what is in it (ATTACKS 23).
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { to_utf8 } from "../../../static/js/codec/bytes.js";
import { padded_length } from "../../../static/js/codec/padme.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { decode_content, encode_content } from "../../../static/js/protocol/content.js";
import { encrypt } from "../../../static/js/protocol/mls.js";
import { make_device, make_group } from "./mls_people.js";

/** @import { Content, TypedBody } from "../../../static/js/protocol/content_schema.js" */

const [, talking] = await make_group([await make_device(), await make_device()]);
const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
const ids = (/** @type {number} */ most) => fc.array(id, { maxLength: most });
/** Up to a checkpoint of a key log with four thousand million entries. */
const head = fc.record({
  id,
  time: fc.integer({ min: 1_700_000_000_000, max: 4_000_000_000_000 }),
  seen: fc.record({ sequence: fc.nat(), transcript: fc.constant(random_bytes(32)) }),
  chain: fc.record({ seq: fc.integer({ min: 1, max: 100_000 }), hash: fc.constant(random_bytes(32)) }),
  checkpoint: fc.option(
    fc.record({ size: fc.integer({ min: 1, max: 2 ** 32 }), root: fc.constant(random_bytes(32)), signature: fc.constant(random_bytes(64)) }),
  ),
});

/** @param {number} most bytes of what is written */
const words = (most) => fc.string({ unit: "grapheme", minLength: 1, maxLength: most }).filter((text) => to_utf8(text).length <= most);
const emoji = fc.option(fc.constantFrom("👍", "❤️", "👩‍👩‍👧‍👦"));

/** @type {Record<string, fc.Arbitrary<any>>} what people do without writing much */
const SHORT = {
  text: fc.record({ text: words(100) }),
  edit: fc.record({ to: id, text: words(100) }),
  delete: fc.record({ to: id }),
  reaction: fc.record({ to: id, emoji }),
  pin: fc.record({ to: id, pinned: fc.boolean() }),
  timer: fc.record({ seconds: fc.integer({ min: 0, max: 31_449_600 }) }),
  receipt: fc.oneof(fc.record({ delivered: ids(6) }), fc.record({ delivered: ids(3), read: ids(2) })),
  introduction: fc.record({ invitation: fc.option(id) }),
  join_request: fc.record({ group: id, token: id }),
};

/** @param {any} arbitrary_head @param {string} type @param {any} body @returns {Promise<{ plain: Uint8Array, sealed: number }>} */
async function sizes_of(arbitrary_head, type, body) {
  const content = /** @type {Content} */ ({ ...arbitrary_head, .../** @type {TypedBody} */ ({ type, body }) });
  const { plain } = await encode_content(content, random_bytes(32), talking.mailbox);
  return { plain, sealed: (await encrypt(talking, plain)).body.length };
}

test("a reaction, an edit, a deletion, a receipt and a few words have one size, whatever stands in them", async () => {
  const seen = new Set();
  const kinds = fc.constantFrom(...Object.keys(SHORT)).chain((type) => fc.tuple(fc.constant(type), SHORT[type]));
  await fc.assert(
    fc.asyncProperty(head, kinds, async (given, [type, body]) => {
      const { plain, sealed } = await sizes_of(given, type, body);
      assert.equal(plain.length, 512, type);
      seen.add(sealed);
    }),
    { numRuns: 300 },
  );
  assert.equal(seen.size, 1, "not even MLS adds more to one than to another");
});

test("whatever is longer has one of few sizes", async () => {
  const steps = new Set(Array.from({ length: 70_000 }, (_, length) => padded_length(length, 512)));
  const long = fc.record({ text: fc.nat(16_383).map((length) => "x".repeat(length + 1)) });
  await fc.assert(
    fc.asyncProperty(head, fc.constantFrom("text", "edit"), long, async (given, type, { text }) => {
      const body = type === "edit" ? { text, to: random_bytes(16) } : { text };
      const { plain, sealed } = await sizes_of(given, type, body);
      assert.ok(steps.has(plain.length));
      assert.ok(plain.length <= 512 || plain.length - to_utf8(text).length < 512 + text.length / 16);
      assert.ok(sealed > plain.length);
    }),
    { numRuns: 100 },
  );
  assert.ok(steps.size < 130);
});

test("what releases before padded to less is still read, in that one form", async () => {
  const content = /** @type {Content} */ ({
    ...{ id: random_bytes(16), time: 1, seen: { sequence: 1, transcript: random_bytes(32) }, chain: { seq: 1, hash: random_bytes(32) } },
    ...{ checkpoint: null, type: "text", body: { text: "of before" } },
  });
  const { plain, commitment } = await encode_content(content, random_bytes(32), talking.mailbox);
  assert.deepEqual(await decode_content(plain.subarray(0, 256), talking.mailbox, commitment), content);
  for (const length of [272, 384, 511, 528]) {
    const other = new Uint8Array(length);
    other.set(plain.subarray(0, length));
    await assert.rejects(decode_content(other, talking.mailbox, commitment), { code: "content_invalid" });
  }
});
