// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { from_hex, to_hex } from "../../../static/js/codec/bytes.js";
import { generate_wrapping_key, import_aes_key, open, seal } from "../../../static/js/crypto/aead.js";

const plain = from_hex(
  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
);
const key = await import_aes_key(from_hex("feffe9928665731c6d6a8f9467308308".repeat(2)));
const nonce = from_hex("cafebabefacedbaddecaf888");
const associated_data = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
const sealed = await seal(key, nonce, plain, associated_data);
const refused = { code: "not_decryptable" };

test("AES-256-GCM, test case 16 of McGrew and Viega", () => {
  assert.equal(
    to_hex(sealed),
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" +
      "76fc6ece0f4e1768cddf8853bb2d551b",
  );
});

test("AES-256-GCM, test case 13: an empty text", async () => {
  const zero_key = await import_aes_key(new Uint8Array(32));
  const tag = await seal(zero_key, new Uint8Array(12), new Uint8Array(0), new Uint8Array(0));
  assert.equal(to_hex(tag), "530f8afbc74536b9a963b4f1c4cb738b");
  assert.equal((await open(zero_key, new Uint8Array(12), tag, new Uint8Array(0))).length, 0);
});

test("what was sealed opens", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), fc.uint8Array(), async (text, data) => {
      assert.deepEqual(await open(key, nonce, await seal(key, nonce, text, data), data), text);
    }),
  );
});

test("any flipped bit of ciphertext, nonce or associated data is refused, with one error for all", async () => {
  for (const [at, original] of [sealed, nonce, associated_data].entries()) {
    for (let bit = 0; bit < 8 * original.length; bit += 1) {
      const parts = [sealed, nonce, associated_data].map((part) => part.slice());
      parts[at][bit >> 3] ^= 1 << (bit & 7);
      await assert.rejects(open(key, parts[1], parts[0], parts[2]), refused);
    }
  }
});

test("every truncation is refused", async () => {
  for (let length = 0; length < sealed.length; length += 1) {
    await assert.rejects(open(key, nonce, sealed.subarray(0, length), associated_data), refused);
  }
});

test("keys and nonces of other lengths are refused", async () => {
  await assert.rejects(import_aes_key(new Uint8Array(16)), { code: "encoding_invalid" });
  await assert.rejects(seal(key, new Uint8Array(16), plain, associated_data), { code: "encoding_invalid" });
});

test("no key can be read out again", async () => {
  for (const held of [key, await generate_wrapping_key()]) {
    assert.equal(held.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("raw", held));
  }
});
