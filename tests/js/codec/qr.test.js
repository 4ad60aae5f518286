// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { qr_modules } from "../../../static/js/codec/qr.js";

test("a verification code fits into a code with its three finders", () => {
  const { size, dark } = qr_modules("A".repeat(188));
  assert.ok(size >= 21 && (size - 17) % 4 === 0);
  for (const [x, y] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ]) {
    assert.equal(dark(x, y), true);
    assert.equal(dark(x + 1, y + 1), false);
    assert.equal(dark(x + 3, y + 3), true);
  }
});

test("x counts to the right and y downwards", () => {
  // The one module that is always dark stands beside the lower left finder (ISO/IEC 18004 section 7.9.1).
  const { size, dark } = qr_modules("talk2me");
  assert.equal(dark(8, size - 8), true);
});

test("a text that no code holds is refused", () => {
  assert.throws(() => qr_modules("A".repeat(3_000)), { code: "too_large" });
});
