// @ts-check
// The cases of tests/vectors/hpke.json are opened by a second implementation in tests/interop/test_hpke.py too.
import assert from "node:assert/strict";
import { test } from "node:test";
import { generate_hpke_key, hpke_key_from_seed, hpke_open, hpke_seal } from "../../../static/js/crypto/hpke.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { read_vectors } from "../protocol/vectors.js";

const refused = { code: "not_decryptable" };
const { public_key, private_key } = await generate_hpke_key(random_bytes);
const text = { info: random_bytes(20), associated_data: random_bytes(20), plain: random_bytes(32) };
const { info, associated_data, plain } = text;
const made = await hpke_seal({ to: public_key, ...text });

for (const { name, plain: expected, ...sealed } of read_vectors("hpke.json")) {
  test(`both implementations agree: ${name}`, async () => {
    assert.deepEqual(await hpke_open(sealed), expected);
    assert.deepEqual((await hpke_key_from_seed(sealed.private_key)).public_key, sealed.public_key);
  });
}

test("what was sealed opens with the private key only", async () => {
  assert.deepEqual(await hpke_open({ private_key, info, associated_data, ...made }), plain);
  await assert.rejects(hpke_open({ private_key: random_bytes(32), info, associated_data, ...made }), refused);
});

test("one text sealed twice is never the same", async () => {
  const again = await hpke_seal({ to: public_key, ...text });
  assert.notDeepEqual(again.enc, made.enc);
  assert.notDeepEqual(again.sealed, made.sealed);
});

test("a flipped bit of anything is refused, with one error for all", async () => {
  const given = { private_key, info, associated_data, ...made };
  for (const [name, bytes] of Object.entries(given)) {
    for (let at = 0; at < bytes.length; at += name === "enc" ? 37 : 3) {
      const changed = bytes.slice();
      changed[at] ^= 1 << (at & 7);
      await assert.rejects(hpke_open({ ...given, [name]: changed }), refused, `${name} ${at}`);
    }
  }
});

test("keys of other lengths are refused", async () => {
  const invalid = { code: "encoding_invalid" };
  await assert.rejects(hpke_key_from_seed(new Uint8Array(31)), invalid);
  await assert.rejects(hpke_seal({ to: public_key.subarray(1), ...text }), invalid);
  for (const [name, bytes] of Object.entries({ private_key, ...made })) {
    await assert.rejects(hpke_open({ private_key, info, associated_data, ...made, [name]: bytes.subarray(1) }), refused);
  }
});

test("a key that stands in a larger buffer is read where it stands", async () => {
  const buffer = new Uint8Array([...random_bytes(7), ...public_key, 9]);
  const sealed = await hpke_seal({ to: buffer.subarray(7, 7 + public_key.length), ...text });
  assert.deepEqual(await hpke_open({ private_key, info, associated_data, ...sealed }), plain);
});
