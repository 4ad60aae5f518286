// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { device_code } from "../../../static/js/protocol/device_code.js";

test("a device's code has six groups of five digits and changes with all that it names", async () => {
  const named = /** @type {[any, any, any, any]} */ ([random_bytes(16), random_bytes(16), random_bytes(32), random_bytes(32)]);
  const code = await device_code(...named);
  assert.match(code, /^(?:\d{5} ){5}\d{5}$/);
  assert.equal(await device_code(...named), code);
  for (const at of [0, 1, 2, 3]) {
    const others = /** @type {[any, any, any, any]} */ (named.map((bytes, index) => (index === at ? random_bytes(bytes.length) : bytes)));
    assert.notEqual(await device_code(...others), code);
  }
});
