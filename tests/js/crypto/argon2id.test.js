// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { to_hex, to_utf8 } from "../../../static/js/codec/bytes.js";
import { argon2id } from "../../../static/js/crypto/argon2id.js";
import { argon2idAsync } from "../../../static/vendor/third_party.js";

const filled = (/** @type {number} */ length, /** @type {number} */ value) => new Uint8Array(length).fill(value);

test("Argon2id's test vector, RFC 9106 5.3", async () => {
  const options = { m: 32, t: 3, p: 4, key: filled(8, 3), personalization: filled(12, 4), dkLen: 32 };
  const tag = await argon2idAsync(filled(32, 1), filled(16, 2), options);
  assert.equal(to_hex(tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
});

test("Argon2id gives what OpenSSL gives, at the least cost that is taken and at the one that is used", async () => {
  const least = await argon2id(to_utf8("pässphrase"), filled(16, 2), { m: 19_456, t: 2, p: 1 }, 32);
  assert.equal(to_hex(least), "7597526af6ce85ee13c76832e52d8cecb7d0613270d0213598dd1842b0eb8d8c");
  const salt = Uint8Array.from({ length: 16 }, (_, at) => at);
  const used = await argon2id(to_utf8("correct horse battery"), salt, { m: 65_536, t: 3, p: 1 }, 32);
  assert.equal(to_hex(used), "904b42492da04031a468a6d1d51689848c15e5c88d8587b0186dce574b8c4bcc");
});
