// @ts-check
// The three parts of what a group has agreed on, and their hashes (docs/protocol.md 14).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { compare, concat, to_utf8 } from "../../../static/js/codec/bytes.js";
import { pack, unpack } from "../../../static/js/codec/msgpack.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { due_roles, hashes_of, make_part, read_part } from "../../../static/js/protocol/group_state.js";
import { describe } from "../../../static/js/protocol/mls.js";
import { RIGHTS, SETTINGS } from "./group_people.js";
import { any_hashes, make_device, make_group } from "./mls_people.js";

/** @import { PartName, Roles } from "../../../static/js/protocol/group_state.js" */

const [a, b, c] = [random_bytes(16), random_bytes(16), random_bytes(16)].sort(compare);
/** @type {Roles} */
const roles = { v: 1, owners: [a], admins: [b, c] };
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, ...random_bytes(40));
const PNG = Uint8Array.of(0x89, ...to_utf8("PNG\r\n\x1a\n"), ...random_bytes(40));
const WEBP = concat(to_utf8("RIFF"), random_bytes(4), to_utf8("WEBP"), random_bytes(40));

/** By another way than ours. @param {PartName} part @param {Uint8Array} salt @param {Uint8Array} value */
function hash_of(part, salt, value) {
  const start = to_utf8(`talk2me/1 group ${part}\0`);
  return new Uint8Array(createHash("sha256").update(start).update(salt).update(value).digest());
}

/** What somebody wrote who keeps to no form, under a hash that is right. @param {PartName} part @param {unknown} value */
function read_written(part, value) {
  const written = { salt: random_bytes(32), value: value instanceof Uint8Array ? value : pack(value) };
  return read_part(part, written, hash_of(part, written.salt, written.value));
}

test("what a group has agreed on is read as it was made", async () => {
  const settings = { ...SETTINGS, picture: JPEG, timer: 3_600, title: "Ω".repeat(100) };
  const made = [await make_part("roles", roles, random_bytes), await make_part("settings", settings, random_bytes)];
  assert.deepEqual(await read_part("roles", made[0], made[0].hash), roles);
  assert.deepEqual(await read_part("settings", made[1], made[1].hash), settings);
  assert.deepEqual(made[0].hash, hash_of("roles", made[0].salt, made[0].value));
});

test("two parts that say the same have nothing in common outside", async () => {
  const [one, other] = [await make_part("roles", roles, random_bytes), await make_part("roles", roles, random_bytes)];
  assert.deepEqual(one.value, other.value);
  assert.notDeepEqual(one.hash, other.hash);
});

test("accounts are written in one order, whatever the order they come in", async () => {
  const { value } = await make_part("roles", { v: 1, owners: [c, a], admins: [b] }, random_bytes);
  assert.deepEqual(unpack(value), { v: 1, owners: [a, c], admins: [b] });
});

test("another salt, value or hash is not read, and roles are no settings", async () => {
  const made = await make_part("roles", roles, random_bytes);
  const other = await make_part("roles", roles, random_bytes);
  assert.equal(await read_part("roles", made, other.hash), null);
  assert.equal(await read_part("roles", { ...made, salt: other.salt }, made.hash), null);
  assert.equal(await read_part("roles", { ...made, salt: made.salt.slice(1) }, made.hash), null);
  assert.equal(await read_part("settings", made, made.hash), null);
  assert.equal(await read_written("settings", roles), null);
  await fc.assert(
    fc.asyncProperty(fc.nat(made.value.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const value = made.value.slice();
      value[at] ^= change;
      return (await read_part("roles", { ...made, value }, made.hash)) === null;
    }),
    { numRuns: 40 },
  );
});

const WRONG_ROLES = {
  "in two roles": { ...roles, admins: [a] },
  "twice in one": { ...roles, admins: [b, b] },
  "not in order": { ...roles, admins: [c, b] },
  "no account": { ...roles, owners: [random_bytes(15)] },
  "another version": { ...roles, v: 2 },
  "one more field": { ...roles, more: true },
  "too many": { ...roles, admins: Array.from({ length: 1_025 }, (_, at) => Uint8Array.from({ length: 16 }, (_unused, byte) => (byte < 2 ? at >> (8 - 8 * byte) : 255))) },
};

for (const [what, value] of Object.entries(WRONG_ROLES)) {
  test(`roles are not read although their hash is right: ${what}`, async () => {
    assert.equal(await read_written("roles", value), null);
  });
}

const WRONG_SETTINGS = {
  "no title": { ...SETTINGS, title: "" },
  "a long title": { ...SETTINGS, title: "a".repeat(101) },
  "a picture that could hold script": { ...SETTINGS, picture: to_utf8("<svg xmlns='http://www.w3.org/2000/svg'/>") },
  "a large picture": { ...SETTINGS, picture: concat(JPEG, new Uint8Array(16_384)) },
  "a timer over a year": { ...SETTINGS, timer: 31_449_601 },
  "less than no time": { ...SETTINGS, timer: -1 },
  "a field less": Object.fromEntries(Object.entries(SETTINGS).filter(([name]) => name !== "timer")),
  "a right among them": { ...SETTINGS, who_adds: "members" },
};

const WRONG_RIGHTS = {
  "a word for nobody": { ...RIGHTS, who_adds: "nobody" },
  "a field less": Object.fromEntries(Object.entries(RIGHTS).filter(([name]) => name !== "who_edits")),
  "a field more": { ...RIGHTS, title: "A title" },
};

for (const [what, value] of Object.entries(WRONG_RIGHTS)) {
  test(`rights are neither read nor made: ${what}`, async () => {
    assert.equal(await read_written("rights", value), null);
    await assert.rejects(make_part("rights", /** @type {any} */ (value), random_bytes), { code: "encoding_invalid" });
  });
}

for (const [what, value] of Object.entries(WRONG_SETTINGS)) {
  test(`settings are neither read nor made: ${what}`, async () => {
    assert.equal(await read_written("settings", value), null);
    await assert.rejects(make_part("settings", /** @type {any} */ (value), random_bytes), { code: "encoding_invalid" });
  });
}

test("pictures of the three formats are read, whatever else is in them", async () => {
  for (const picture of [JPEG, PNG, WEBP]) assert.deepEqual(await read_written("settings", { ...SETTINGS, picture }), { ...SETTINGS, picture });
});

test("the roles without those who go are the same for whoever knows them, down to nobody", async () => {
  const { salt, hash } = await make_part("roles", roles, random_bytes);
  const held = { roles, roles_salt: salt };
  assert.equal(await due_roles(held, hash, [a, b, c]), null);
  assert.equal(await due_roles(held, random_bytes(32), [a, b]), null);
  const due = await due_roles(held, hash, [b, c]);
  assert.ok(due);
  assert.deepEqual(await read_part("roles", due, hash_of("roles", salt, due.value)), { v: 1, owners: [], admins: [b, c] });
  const nobody = await due_roles({ roles: { v: 1, owners: [], admins: [b, c] }, roles_salt: salt }, due.hash, []);
  assert.deepEqual(nobody && unpack(nobody.value), { v: 1, owners: [], admins: [] });
});

test("roles that nobody would read are not made", async () => {
  const twice = make_part("roles", { v: 1, owners: [a], admins: [b, b] }, random_bytes);
  await assert.rejects(twice, { code: "encoding_invalid" });
});

test("bytes that are no value at all are not read", async () => {
  assert.equal(await read_written("roles", Uint8Array.of(0xc1)), null);
});

test("a group tells the hashes of its state, a direct conversation has none", async () => {
  const hashes = any_hashes();
  const [group] = await make_group([await make_device()], { hashes });
  assert.deepEqual(hashes_of(group), hashes);
  assert.deepEqual(describe(group).hashes, hashes);
  const [direct] = await make_group([await make_device()], { kind: "direct" });
  assert.equal(describe(direct).hashes, null);
});
