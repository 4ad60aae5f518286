// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { from_hex, to_utf8 } from "../../../static/js/codec/bytes.js";
import { from_base32, normalise_base32, to_base32 } from "../../../static/js/codec/base32.js";

test("known values hold", () => {
  // Computed by hand from RFC 4648's vectors with the alphabet exchanged.
  assert.equal(to_base32(to_utf8("foobar")), "CSQPYRK1E8");
  assert.equal(to_base32(to_utf8("f")), "CR");
  assert.equal(to_base32(from_hex("ffffffffffffffffffffffffffffffff")), `${"Z".repeat(25)}W`);
});

test("bytes come back", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => assert.deepEqual(from_base32(to_base32(bytes)), bytes)));
});

test("what people confuse reads the same", () => {
  assert.equal(normalise_base32(" o0-iI lL 1 a"), "0011111A");
  assert.equal(normalise_base32("abcd-efgh"), "ABCDEFGH");
});

test("letters that are not in the alphabet, odd lengths and unused bits that are set are refused", () => {
  for (const wrong of ["U0", "!0", "0", "000", "01", "ZZ", "il"]) {
    assert.throws(() => from_base32(wrong), { code: "encoding_invalid" }, wrong);
  }
});
