// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";

test("bytes come back, and the text is the one every other implementation writes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = to_base64url(bytes);
      assert.equal(text, Buffer.from(bytes).toString("base64url"));
      assert.deepEqual(from_base64url(text), bytes);
    }),
  );
});

test("long byte strings work", () => {
  const long = new Uint8Array(300_000).map((_, at) => at % 251);
  assert.deepEqual(from_base64url(to_base64url(long)), long);
});

test("only the canonical form is read", () => {
  for (const wrong of ["A", "AB", "AAB", "AA==", "AA=", "AA AA", "AA\n", "+/8A", "AAAAA", "Ä", "AA\0"]) {
    assert.throws(() => from_base64url(wrong), { code: "encoding_invalid" }, wrong);
  }
});

test("whatever is read is written the same way again", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."AQgw-_=+/ z9"), maxLength: 8 }), (text) => {
      try {
        assert.equal(to_base64url(from_base64url(text)), text);
      } catch (error) {
        assert.equal(/** @type {any} */ (error).code, "encoding_invalid");
      }
    }),
  );
});
