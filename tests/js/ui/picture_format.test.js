// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { read_picture } from "../../../static/js/ui/helpers/picture_format.js";

/** @param {string} letters @returns {number[]} */
const ascii = (letters) => [...letters].map((letter) => letter.charCodeAt(0));
/** @param {number} value @param {number} count of bytes, the lowest first */
const low_first = (value, count) => Array.from({ length: count }, (_, at) => (value >>> (8 * at)) & 0xff);
/** @param {number} value @param {number} count */
const high_first = (value, count) => low_first(value, count).reverse();

/** @param {number} width @param {number} height */
const png = (width, height) =>
  Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...high_first(13, 4), ...ascii("IHDR"), ...high_first(width, 4), ...high_first(height, 4)]);
/** @param {number} width @param {number} height */
const jpeg = (width, height) =>
  Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, ...high_first(4, 2), 1, 1, 0xff, 0xc0, ...high_first(11, 2), 8, ...high_first(height, 2), ...high_first(width, 2), 1, 1, 1]);
/** @param {string} chunk @param {number[]} body */
const webp = (chunk, body) => Uint8Array.from([...ascii("RIFF"), 0, 0, 0, 0, ...ascii("WEBP"), ...ascii(chunk), 0, 0, 0, 0, ...body, ...new Array(16).fill(0)]);

const KINDS = {
  png,
  jpeg,
  /** @param {number} width @param {number} height */
  lossy: (width, height) => webp("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, ...low_first(width, 2), ...low_first(height, 2)]),
  /** @param {number} width @param {number} height */
  lossless: (width, height) => webp("VP8L", [0x2f, ...low_first(((width - 1) | ((height - 1) << 14)) >>> 0, 4)]),
  /** @param {number} width @param {number} height */
  extended: (width, height) => webp("VP8X", [0, 0, 0, 0, ...low_first(width - 1, 3), ...low_first(height - 1, 3)]),
};

test("the three kinds of pictures are known by their first bytes, with their size", () => {
  const types = { png: "image/png", jpeg: "image/jpeg", lossy: "image/webp", lossless: "image/webp", extended: "image/webp" };
  for (const [name, make] of Object.entries(KINDS)) {
    assert.deepEqual(read_picture(make(256, 130)), { type: types[/** @type {keyof typeof types} */ (name)], width: 256, height: 130 }, name);
  }
});

test("a picture that would unpack to something huge is not shown", () => {
  for (const [name, make] of Object.entries(KINDS)) {
    assert.equal(read_picture(make(1025, 10)), null, name);
    assert.equal(read_picture(make(10, 16_000)), null, name);
    assert.notEqual(read_picture(make(1024, 1024)), null, name);
  }
});

test("anything else is no picture, however it is cut", () => {
  for (const words of ["<svg xmlns='http://www.w3.org/2000/svg'/>", "GIF89a", "", "BM"]) assert.equal(read_picture(new TextEncoder().encode(words)), null, words);
  for (const make of Object.values(KINDS)) {
    const whole = make(64, 64);
    for (let length = 0; length < whole.length; length += 1) read_picture(whole.slice(0, length));
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void read_picture(bytes)));
  assert.equal(read_picture(Uint8Array.from([0xff, 0xd8, 0xff, 0xc0, 0, 0])), null);
  assert.equal(read_picture(png(0, 5)), null);
});

test("a picture is read where it stands in a larger buffer", () => {
  const bytes = new Uint8Array(100);
  bytes.set(png(20, 30), 7);
  assert.deepEqual(read_picture(bytes.subarray(7, 40)), { type: "image/png", width: 20, height: 30 });
});
