// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { random_bytes } from "../../../static/js/crypto/random.js";
import {
  derive_recovery,
  format_recovery_key,
  make_recovery_key,
  parse_recovery_key,
} from "../../../static/js/protocol/recovery_key.js";

const invalid = { code: "recovery_key_invalid" };
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

test("a key has 128 bits and reads as seven groups of four", async () => {
  const key = make_recovery_key(random_bytes);
  assert.equal(key.length, 16);
  assert.match(await format_recovery_key(key), /^(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
});

test("a key is read however it was typed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), async (key) => {
      const text = await format_recovery_key(key);
      const sloppy = ` ${text.toLowerCase().replaceAll("-", "  ").replaceAll("0", "o").replaceAll("1", "l")}\n`;
      assert.deepEqual(await parse_recovery_key(text), key);
      assert.deepEqual(await parse_recovery_key(sloppy), key);
      assert.deepEqual(await parse_recovery_key(text.replaceAll("-", "").replaceAll("1", "I")), key);
    }),
    { numRuns: 30 },
  );
});

test("nearly every single wrong character is noticed", async () => {
  const text = (await format_recovery_key(new Uint8Array(16).fill(0xa5))).replaceAll("-", "");
  let missed = 0;
  for (let at = 0; at < text.length; at += 1) {
    for (const character of ALPHABET.replace(text[at], "")) {
      const typed = text.slice(0, at) + character + text.slice(at + 1);
      await parse_recovery_key(typed).then(() => (missed += 1), (error) => assert.equal(error.code, invalid.code));
    }
  }
  // The checksum has 10 bits: of 868 wrong texts about one passes. These are fixed, so the figure is.
  assert.ok(missed <= 3, `${missed} passed`);
});

test("other lengths, other characters and unused bits that are set are refused", async () => {
  const text = await format_recovery_key(new Uint8Array(16));
  for (const wrong of ["", "0000", text.slice(1), `${text}0`, text.replace("0", "U"), text.replace("0", "!")]) {
    await assert.rejects(parse_recovery_key(wrong), invalid);
  }
  const last_of_key = text.replaceAll("-", "");
  await assert.rejects(parse_recovery_key(`${last_of_key.slice(0, 25)}1${last_of_key.slice(26)}`), invalid);
});

test("what a key derives is the account's own and repeatable, and cannot be read out", async () => {
  const key = random_bytes(16);
  const [mine, again, others] = await Promise.all(
    [1, 1, 2].map((account) => derive_recovery(key, new Uint8Array(16).fill(account))),
  );
  assert.deepEqual(mine.signing.public_key, again.signing.public_key);
  assert.notDeepEqual(mine.signing.public_key, others.signing.public_key);
  assert.equal(mine.wrap_key.extractable, false);
  assert.equal(mine.signing.private_key.extractable, false);
});
