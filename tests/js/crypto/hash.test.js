// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { from_hex, to_hex, to_utf8 } from "../../../static/js/codec/bytes.js";
import { hmac_sha256, sha256, sha512 } from "../../../static/js/crypto/hash.js";
import { hkdf_sha256 } from "../../../static/js/crypto/hkdf.js";
import { random_bytes } from "../../../static/js/crypto/random.js";

test("SHA-256 and SHA-512 of abc (FIPS 180-4), whole or in parts", async () => {
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.equal(to_hex(await sha256(to_utf8("abc"))), abc);
  assert.equal(to_hex(await sha256(to_utf8("a"), to_utf8(""), to_utf8("bc"))), abc);
  assert.equal(
    to_hex(await sha512(to_utf8("a"), to_utf8("bc"))),
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  );
});

test("HMAC-SHA-256, case 2 of RFC 4231", async () => {
  const tag = await hmac_sha256(to_utf8("Jefe"), to_utf8("what do ya want "), to_utf8("for nothing?"));
  assert.equal(to_hex(tag), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
});

/** @type {{ secret: string, salt: string, info: string, length: number, output: string }[]} RFC 5869 appendix A.1 and A.3 */
const HKDF = [
  {
    secret: "0b".repeat(22),
    salt: "000102030405060708090a0b0c",
    info: "f0f1f2f3f4f5f6f7f8f9",
    length: 42,
    output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  },
  {
    secret: "0b".repeat(22),
    salt: "",
    info: "",
    length: 42,
    output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  },
];

for (const { secret, salt, info, length, output } of HKDF) {
  test(`HKDF-SHA-256 of RFC 5869 with info of ${info.length / 2} bytes`, async () => {
    const derived = await hkdf_sha256(from_hex(secret), from_hex(salt), from_hex(info), length);
    assert.equal(to_hex(derived), output);
  });
}

test("random bytes have the length asked for, also over the platform's limit, and differ", () => {
  for (const length of [0, 1, 65_536, 65_537, 200_000]) assert.equal(random_bytes(length).length, length);
  assert.notDeepEqual(random_bytes(16), random_bytes(16));
  assert.ok(random_bytes(200_000).subarray(-64).some((byte) => byte !== 0));
});
