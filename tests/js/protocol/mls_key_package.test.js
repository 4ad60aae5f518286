// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { equal } from "../../../static/js/codec/bytes.js";
import { SUITE_CLASSIC, SUITE_XWING, create_key_package, read_key_package } from "../../../static/js/protocol/mls.js";
import { NOW, key_package_of, make_device } from "./mls_people.js";

const DAY = 86_400;

for (const suite of [SUITE_CLASSIC, SUITE_XWING]) {
  test(`suite ${suite}: what is written is read`, async () => {
    const device = await make_device();
    const { key_package, reference } = await create_key_package({ suite, ...device, now: NOW, lifetime_days: 7 });
    const read = await read_key_package(key_package);
    const { account, signature_key } = device;
    const expected = { suite, account, device: device.device, signature_key: signature_key.public_key, last_resort: false };
    assert.deepEqual({ ...expected, not_before: read.not_before, not_after: read.not_after }, read);
    assert.equal(read.not_after - read.not_before, 7 * DAY);
    assert.ok(read.not_before < NOW / 1000);
    assert.equal(reference.length, suite === SUITE_XWING ? 64 : 32);
  });
}

test("a last resort says so", async () => {
  const options = { suite: SUITE_CLASSIC, ...(await make_device()), now: NOW };
  assert.equal((await read_key_package((await create_key_package({ ...options, last_resort: true })).key_package)).last_resort, true);
});

test("none is made for longer than 90 days, for no time, or for an unknown suite", async () => {
  const device = await make_device();
  const options = { suite: SUITE_CLASSIC, ...device, now: NOW };
  for (const lifetime_days of [91, 0, -1, Number.NaN]) {
    await assert.rejects(create_key_package({ ...options, lifetime_days }), { code: "key_package_invalid" });
  }
  await assert.rejects(create_key_package({ ...options, suite: 2 }), { code: "suite_unsupported" });
});

test("two of one device have nothing in common but the device", async () => {
  const device = await make_device();
  const [one, two] = [await key_package_of(device), await key_package_of(device)];
  assert.ok(!equal(one.reference, two.reference) && !equal(one.private_part, two.private_part));
});

test("a single changed byte anywhere is noticed", async () => {
  const { key_package } = await key_package_of(await make_device());
  const change = fc.record({ at: fc.nat(key_package.length - 1), flip: fc.integer({ min: 1, max: 255 }) });
  const property = fc.asyncProperty(change, async ({ at, flip }) => {
    const damaged = key_package.slice();
    damaged[at] ^= flip;
    await assert.rejects(read_key_package(damaged), { code: "key_package_invalid" });
  });
  await fc.assert(property, { numRuns: 150 });
});

test("anything else is not a key package", async () => {
  const { key_package } = await key_package_of(await make_device());
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
    await assert.rejects(read_key_package(bytes), { code: "key_package_invalid" });
  });
  await fc.assert(property, { numRuns: 100 });
  const longer = Uint8Array.from([...key_package, 0]);
  await assert.rejects(read_key_package(longer), { code: "key_package_invalid" });
});
