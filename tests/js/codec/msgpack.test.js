// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concat, from_hex, to_hex } from "../../../static/js/codec/bytes.js";
import { pack, unpack } from "../../../static/js/codec/msgpack.js";

const key = fc.string({ unit: fc.constantFrom(..."abcxyz_"), minLength: 1, maxLength: 8 });
const { value } = fc.letrec((/** @type {(name: string) => fc.Arbitrary<any>} */ tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: "binary" }),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const refused = { code: "encoding_invalid" };

/** @type {[string, string][]} */
const REFUSED = [
  ["nothing", ""],
  ["a byte behind the value", "c000"],
  ["a cut string", "a261"],
  ["a cut map", "81a161"],
  ["a type that does not exist", "c1"],
  ["a timestamp extension", "d6ff00000000"],
  ["another extension", "d40100"],
  ["a number as key", "8101c0"],
  ["bytes as key", "81c40161c0"],
  ["a repeated key", "82a16101a16102"],
  ["the key __proto__", "81a95f5f70726f746f5f5fc0"],
  ["a small number in two bytes", "cc01"],
  ["a small number in nine bytes", "cf0000000000000001"],
  ["a short string with a long header", "d90161"],
  ["a short byte string with a long header", "c5000161"],
  ["a short map with a long header", "de0000"],
  ["a number over 2^53", "cf0020000000000001"],
  ["a number in single precision", "ca3f800000"],
  ["a whole number as a float", "cb3ff0000000000000"],
  ["a string that is not UTF-8", "a1ff"],
  ["a string in overlong UTF-8", "a2c0af"],
  ["half a surrogate pair", "a3eda080"],
  ["half a surrogate pair as key", "81a3eda080c0"],
];

test("every value comes back", () => {
  fc.assert(fc.property(value, (given) => assert.deepEqual(unpack(pack(given)), given)));
});

test("a value has one form only: a changed byte is refused or means something else", () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, at, mask) => {
      const bytes = pack(given);
      bytes[at % bytes.length] ^= mask;
      try {
        assert.deepEqual(pack(unpack(bytes)), bytes);
      } catch (error) {
        assert.equal(/** @type {any} */ (error).code, "encoding_invalid");
      }
    }),
  );
});

test("no shorter and no longer byte string reads as a value", () => {
  fc.assert(
    fc.property(value, fc.nat(), (given, cut) => {
      const bytes = pack(given);
      assert.throws(() => unpack(bytes.subarray(0, cut % bytes.length)), refused);
      assert.throws(() => unpack(concat(bytes, Uint8Array.of(cut & 255))), refused);
    }),
  );
});

for (const [what, hex] of REFUSED) {
  test(`refused: ${what}`, () => assert.throws(() => unpack(from_hex(hex)), refused));
}

test("nesting without end is refused, not followed", () => {
  assert.throws(() => unpack(new Uint8Array(100_000).fill(0x91)), refused);
  assert.throws(() => unpack(concat(new Uint8Array(5_000).fill(0x91), Uint8Array.of(0xc0))), refused);
});

test("a length that promises gigabytes is refused at once", () => {
  for (const hex of ["c6ffffffff", "dbffffffff", "ddffffffff", "dfffffffff"]) assert.throws(() => unpack(from_hex(hex)), refused);
});

test("byte strings are copies of their own", () => {
  const frame = pack({ body: new Uint8Array(3) });
  const { body } = /** @type {{ body: Uint8Array }} */ (unpack(frame));
  frame.fill(7);
  assert.deepEqual(body, new Uint8Array(3));
  assert.equal(body.buffer.byteLength, 3);
});

test("numbers and times are written as other implementations write them", () => {
  assert.equal(to_hex(pack(1_700_000_000_000)), "cf0000018bcfe56800");
  assert.equal(to_hex(pack([0, 127, 128, -1, -33])), "95007fcc80ffd0df");
});
