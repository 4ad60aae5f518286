// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, from_hex, to_hex, to_utf8 } from "../../../static/js/codec/bytes.js";
import {
  export_seed,
  generate_signing_key,
  is_usable_public_key,
  sign,
  signing_key_from_seed,
  verify,
} from "../../../static/js/crypto/ed25519.js";
import { sha512 } from "../../../static/js/crypto/hash.js";

/** @type {[string, string, string, string][]} seed, public key, text, signature: RFC 8032 section 7.1 */
const KNOWN = [
  [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
];

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const PRIME = 2n ** 255n - 19n;
const text = to_utf8("whatever it says");

/** @param {bigint} value */
function little_endian(value) {
  return from_hex(value.toString(16).padStart(64, "0")).reverse();
}

/** @param {Uint8Array} bytes */
function from_little_endian(bytes) {
  return BigInt(`0x${to_hex(bytes.slice().reverse())}`);
}

const LOW_ORDER_Y = [
  0n,
  1n,
  PRIME - 1n,
  from_little_endian(from_hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
  from_little_endian(from_hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
];
const SIGN_BIT = 2n ** 255n;

for (const [seed, public_key, hex, signature] of KNOWN) {
  test(`RFC 8032, a text of ${hex.length / 2} bytes`, async () => {
    const key = await signing_key_from_seed(from_hex(seed));
    assert.equal(to_hex(key.public_key), public_key);
    assert.equal(to_hex(await sign(key.private_key, from_hex(hex))), signature);
    assert.equal(await verify(key.public_key, from_hex(hex), from_hex(signature)), true);
  });
}

test("any flipped bit of key, text or signature is refused", async () => {
  const given = KNOWN[1].slice(1).map(from_hex);
  for (let at = 0; at < 3; at += 1) {
    for (let bit = 0; bit < 8 * given[at].length; bit += 1) {
      const [public_key, signed, signature] = given.map((part) => part.slice());
      [public_key, signed, signature][at][bit >> 3] ^= 1 << (bit & 7);
      assert.equal(await verify(public_key, signed, signature), false);
    }
  }
});

test("wrong lengths are refused", async () => {
  const [public_key, signed, signature] = KNOWN[0].slice(1).map(from_hex);
  for (const wrong of [public_key.slice(1), concat(public_key, Uint8Array.of(0)), new Uint8Array(0)]) {
    assert.equal(await verify(wrong, signed, signature), false);
  }
  for (const wrong of [signature.slice(1), concat(signature, Uint8Array.of(0)), new Uint8Array(0)]) {
    assert.equal(await verify(public_key, signed, wrong), false);
  }
  await assert.rejects(signing_key_from_seed(new Uint8Array(31)), { code: "encoding_invalid" });
});

test("a key of low order, under which one signature fits every text, is refused", async () => {
  for (const y of LOW_ORDER_Y) {
    for (const encoded of [y, y + SIGN_BIT]) {
      const public_key = little_endian(encoded);
      assert.equal(is_usable_public_key(public_key), false);
      for (const r of [1n, PRIME - 1n, y]) {
        assert.equal(await verify(public_key, text, concat(little_endian(r), new Uint8Array(32))), false);
      }
    }
  }
});

test("a point that is not written in its canonical form is refused", async () => {
  const { private_key, public_key } = await generate_signing_key({ extractable: false });
  const signature = await sign(private_key, text);
  for (let above = 0n; above < 19n; above += 1n) {
    for (const encoded of [PRIME + above, PRIME + above + SIGN_BIT]) {
      assert.equal(is_usable_public_key(little_endian(encoded)), false);
      assert.equal(await verify(little_endian(encoded), text, signature), false);
      assert.equal(await verify(public_key, text, concat(little_endian(encoded), signature.subarray(32))), false);
    }
  }
});

test("a signature whose first half is of low order is refused, although the equation holds", async () => {
  const seed = from_hex(KNOWN[0][0]);
  const { public_key } = await signing_key_from_seed(seed);
  const scalar = (await sha512(seed)).slice(0, 32);
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 63) | 64;
  const identity = little_endian(1n);
  const challenge = from_little_endian(await sha512(identity, public_key, text)) % ORDER;
  const forged = concat(identity, little_endian((challenge * from_little_endian(scalar)) % ORDER));
  assert.equal(await verify(public_key, text, forged), false);
});

test("a signature whose second half is not reduced is refused", async () => {
  const { private_key, public_key } = await generate_signing_key({ extractable: false });
  const signature = await sign(private_key, text);
  const unreduced = little_endian(from_little_endian(signature.subarray(32)) + ORDER);
  assert.equal(await verify(public_key, text, concat(signature.subarray(0, 32), unreduced)), false);
});

test("a seed comes back from an extractable key, and from no other", async () => {
  const { private_key } = await generate_signing_key({ extractable: true });
  const seed = await export_seed(private_key);
  const again = await signing_key_from_seed(seed, { extractable: true });
  assert.deepEqual(await export_seed(again.private_key), seed);
  await assert.rejects(export_seed((await signing_key_from_seed(seed)).private_key));
  await assert.rejects(export_seed((await generate_signing_key({ extractable: false })).private_key));
});
