// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concat, u32 } from "../../../static/js/codec/bytes.js";
import { pad, pad_with_length, padded_length, unpad_with_length } from "../../../static/js/codec/padme.js";

const refused = { code: "encoding_invalid" };

test("sizes are those of the paper's algorithm", () => {
  // Algorithm 1 of the PURBs paper, followed by hand; the paper's own example is 9 bytes to 10.
  for (const [length, size] of [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
    [8, 8],
    [9, 10],
    [10, 10],
    [17, 18],
    [33, 36],
    [100, 104],
    [255, 256],
    [256, 256],
    [257, 272],
    [1_000, 1_024],
    [65_536, 65_536],
    [65_537, 67_584],
    [1_000_000, 1_015_808],
    [1_048_576, 1_048_576],
  ]) {
    assert.equal(padded_length(length), size, String(length));
  }
});

test("up to a mebibyte and from 256 bytes on there are 257 sizes", () => {
  const sizes = new Set();
  for (let length = 0; length <= 1_048_576; length += 1) sizes.add(padded_length(length, 256));
  assert.equal(sizes.size, 257);
});

test("padding never shrinks, is stable, and costs at most 6.2 % from 256 bytes on", () => {
  fc.assert(
    fc.property(fc.integer({ min: 256, max: 2 ** 30 }), (length) => {
      const size = padded_length(length);
      assert.ok(size >= length && size <= length * 1.0625);
      assert.equal(padded_length(size), size);
    }),
  );
});

test("lengths that make no sense are refused", () => {
  for (const wrong of [-1, 1.5, Number.NaN, 2 ** 31]) assert.throws(() => padded_length(wrong), refused);
});

test("what was padded comes back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (inner) => {
      const padded = pad_with_length(inner, 256);
      assert.equal(padded.length, padded_length(inner.length + 4, 256));
      assert.deepEqual(unpad_with_length(padded, 256), inner);
    }),
  );
});

test("padding that is not zero, too long, too short or not of its size is refused", () => {
  const padded = pad_with_length(Uint8Array.of(1, 2, 3), 256);
  for (let at = 7; at < padded.length; at += 1) {
    const changed = padded.slice();
    changed[at] = 1;
    assert.throws(() => unpad_with_length(changed, 256), refused);
  }
  assert.throws(() => unpad_with_length(padded.slice(0, -1), 256), refused);
  assert.throws(() => unpad_with_length(concat(padded, new Uint8Array(1)), 256), refused);
  assert.throws(() => unpad_with_length(pad(concat(u32(0xffffffff), new Uint8Array(8)), 256), 256), refused);
  assert.throws(() => unpad_with_length(new Uint8Array(3), 256), refused);
  assert.throws(() => unpad_with_length(new Uint8Array(0), 0), refused);
});
