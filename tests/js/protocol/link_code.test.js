// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { to_base64url } from "../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { format_link_code, link_qr_text, make_link_secret, parse_link_code, read_link_qr } from "../../../static/js/protocol/link.js";
import { format_recovery_key, parse_recovery_key } from "../../../static/js/protocol/recovery_key.js";

const invalid = { code: "link_code_invalid" };
const FIXED = new Uint8Array(16).fill(0xa5);

test("a code is read however it was typed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), async (secret) => {
      const text = await format_link_code(secret);
      assert.match(text, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
      assert.deepEqual(await parse_link_code(text), secret);
      assert.deepEqual(await parse_link_code(` ${text.toLowerCase().replaceAll("-", " ").replaceAll("0", "o")}\n`), secret);
    }),
    { numRuns: 30 },
  );
});

test("a recovery key typed as a link code is refused, and the other way round", async () => {
  await assert.rejects(parse_link_code(await format_recovery_key(FIXED)), invalid);
  await assert.rejects(parse_recovery_key(await format_link_code(FIXED)), { code: "recovery_key_invalid" });
});

test("a mistyped code is refused", async () => {
  const text = await format_link_code(FIXED);
  for (const wrong of ["", text.slice(1), `${text}0`, text.replace("M", "N"), text.replace("M", "!"), link_qr_text(FIXED)]) {
    await assert.rejects(parse_link_code(wrong), invalid);
  }
});

test("what the QR code says is read by its own reader only", () => {
  const secret = make_link_secret(random_bytes);
  assert.deepEqual(read_link_qr(link_qr_text(secret)), secret);
  const text = to_base64url(secret);
  for (const wrong of ["", text, `t2ml1:${text}`, `T2ML1:${text}A`, `T2ML1:${text.slice(1)}`, `https://x.example/#T2ML1:${text}`]) {
    assert.throws(() => read_link_qr(wrong), invalid);
  }
});
