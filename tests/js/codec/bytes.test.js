// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  compare,
  concat,
  equal,
  from_hex,
  from_utf8,
  read_u16,
  read_u32,
  read_u64,
  to_hex,
  to_utf8,
  u16,
  u32,
  u64,
} from "../../../static/js/codec/bytes.js";

const bytes = fc.uint8Array({ maxLength: 64 });
const refused = { code: "encoding_invalid" };

test("joined bytes are the parts in their order", () => {
  assert.deepEqual(concat(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)), Uint8Array.of(1, 2, 3));
});

test("bytes are equal exactly when every one is", () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      assert.equal(equal(a, a.slice()), true);
      assert.equal(equal(a, b), Buffer.compare(a, b) === 0);
    }),
  );
});

test("bytes are ordered as other languages order them", () => {
  fc.assert(fc.property(bytes, bytes, (a, b) => assert.equal(Math.sign(compare(a, b)), Buffer.compare(a, b))));
});

test("integers are big-endian and come back", () => {
  assert.equal(to_hex(concat(u16(1), u32(2), u64(3))), "000100000002" + "0000000000000003");
  assert.equal(to_hex(u64(2n ** 64n - 1n)), "ffffffffffffffff");
  fc.assert(fc.property(fc.maxSafeNat(), (value) => assert.equal(read_u64(u64(value)), value)));
  fc.assert(fc.property(fc.nat(0xffffffff), (value) => assert.equal(read_u32(concat(u16(9), u32(value)), 2), value)));
  assert.equal(read_u16(u16(0xffff)), 0xffff);
});

test("integers that do not fit are refused", () => {
  for (const write of [() => u16(0x10000), () => u32(-1), () => u64(2n ** 64n)]) assert.throws(write, refused);
  assert.throws(() => read_u32(new Uint8Array(3)), refused);
  assert.throws(() => read_u64(u64(2n ** 53n)), refused);
});

test("text becomes UTF-8 and back, a byte order mark included", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.equal(from_utf8(to_utf8(text)), text)));
  assert.equal(from_utf8(from_hex("efbbbf41")), "\ufeffA");
});

test("what is no UTF-8 is refused", () => {
  for (const wrong of ["ff", "c0af", "eda080", "f4908080", "e282"]) assert.throws(() => from_utf8(from_hex(wrong)), refused);
  assert.throws(() => to_utf8("\ud800"), refused);
});

test("hex in another form is refused", () => {
  for (const wrong of ["0", "0G", "AB", " 00"]) assert.throws(() => from_hex(wrong), refused);
});
