// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, to_utf8, u32 } from "../../../static/js/codec/bytes.js";
import { pack } from "../../../static/js/codec/msgpack.js";
import { pad_with_length } from "../../../static/js/codec/padme.js";
import { import_aes_key, seal } from "../../../static/js/crypto/aead.js";
import { hkdf_sha256 } from "../../../static/js/crypto/hkdf.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { entry_generation, open_entry, seal_entry } from "../../../static/js/protocol/archive_entry.js";
import { derive_archive, link_entry_id, message_entry_id, vault_note_id } from "../../../static/js/protocol/archive_keys.js";
import { label } from "../../../static/js/protocol/labels.js";

/** @import { Entry } from "../../../static/js/protocol/archive_schema.js" */

const key = random_bytes(32);
const account = random_bytes(16);
const keys = await derive_archive(key, account, 3);
const where = { mailbox: random_bytes(16), id: random_bytes(16) };

/** @type {Entry} */
const message = {
  type: "message",
  body: {
    conversation: random_bytes(16),
    id: random_bytes(16),
    author: account,
    time: 1_700_000_000_000,
    received: 1_700_000_000_500,
    type: "text",
    text: "xylophone marmalade",
    place: { mailbox: random_bytes(16), sequence: 7 },
  },
};
/** @type {Entry} */
const link = { type: "link", body: { device: random_bytes(16), number: 1, prev: new Uint8Array(32), entries: random_bytes(96) } };
/** @type {Entry} */
const vault = { type: "vault", body: { device: random_bytes(16), version: 9, hash: random_bytes(32) } };

/** @param {unknown} error */
const refused = (error) => is_talk2me_error(error, "not_decryptable") || is_talk2me_error(error, "encoding_invalid");

/** Sealed rightly, whatever it says. @param {unknown} value @param {number} [least] */
async function seal_anything(value, least = 256) {
  const nonce = random_bytes(12);
  const data = concat(label("archive entry"), account, where.mailbox, where.id, u32(3));
  return concat(Uint8Array.of(1), u32(3), nonce, await seal(keys.entry_key, nonce, pad_with_length(pack(value), least), data));
}

test("every type of entry comes back as it was", async () => {
  for (const entry of [message, link, vault]) {
    const body = await seal_entry(keys, where, entry, random_bytes);
    assert.equal(entry_generation(body), 3);
    assert.deepEqual(await open_entry(keys, where, body), entry);
  }
});

test("short and long messages have the sizes that PADME gives, and no text in clear", async () => {
  const body = await seal_entry(keys, where, message, random_bytes);
  assert.equal(body.length, 1 + 4 + 12 + 256 + 16);
  assert.ok(!Buffer.from(body).includes("marmalade"));
});

test("any flipped bit is refused", async () => {
  const body = await seal_entry(keys, where, vault, random_bytes);
  for (let bit = 0; bit < 8 * body.length; bit += 1) {
    const changed = body.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    await assert.rejects(open_entry(keys, where, changed), refused);
  }
});

test("every truncation and anything behind it is refused", async () => {
  const body = await seal_entry(keys, where, vault, random_bytes);
  for (let length = 0; length < body.length; length += 1) {
    await assert.rejects(open_entry(keys, where, body.slice(0, length)), refused);
  }
  await assert.rejects(open_entry(keys, where, concat(body, Uint8Array.of(0))), refused);
});

test("an entry opens at its own place only: not under another id, in another mailbox, for another account or generation", async () => {
  const body = await seal_entry(keys, where, message, random_bytes);
  await assert.rejects(open_entry(keys, { ...where, id: random_bytes(16) }, body), refused);
  await assert.rejects(open_entry(keys, { ...where, mailbox: random_bytes(16) }, body), refused);
  await assert.rejects(open_entry(await derive_archive(key, random_bytes(16), 3), where, body), refused);
  const renamed = body.slice();
  renamed.set(u32(4), 1);
  await assert.rejects(open_entry(await derive_archive(key, account, 4), where, renamed), refused);
});

test("nothing made for an archive opens as anything else, nor the other way round", async () => {
  const data = concat(label("archive entry"), account, where.mailbox, where.id, u32(3));
  const plain = pad_with_length(pack({ v: 1, ...message }), 256);
  for (const [name, salt] of /** @type {[string, Uint8Array][]} */ ([
    ["archive id", account],
    ["vault", account],
    ["link box key", new Uint8Array(0)],
    ["attachment", account],
    ["account file", account],
  ])) {
    const other = await import_aes_key(await hkdf_sha256(key, salt, label(name), 32));
    const nonce = random_bytes(12);
    const body = concat(Uint8Array.of(1), u32(3), nonce, await seal(other, nonce, plain, data));
    await assert.rejects(open_entry(keys, where, body), refused, name);
  }
  for (const name of ["vault", "vault wrap", "link part", "link secrets", "account file", "store"]) {
    const nonce = random_bytes(12);
    const wrong = concat(to_utf8(`talk2me/1 ${name}\0`), account, where.mailbox, where.id, u32(3));
    const body = concat(Uint8Array.of(1), u32(3), nonce, await seal(keys.entry_key, nonce, plain, wrong));
    await assert.rejects(open_entry(keys, where, body), refused, name);
  }
});

test("an id is the same for every device, and another for anything else", async () => {
  const [a, b] = [random_bytes(16), random_bytes(16)];
  const same = await derive_archive(key, account, 8);
  assert.deepEqual(await message_entry_id(keys, a, b), await message_entry_id(same, a, b));
  const ids = await Promise.all([
    message_entry_id(keys, a, b),
    message_entry_id(keys, b, a),
    message_entry_id(await derive_archive(random_bytes(32), account, 3), a, b),
    message_entry_id(await derive_archive(key, random_bytes(16), 3), a, b),
    link_entry_id(keys, a, 1),
    link_entry_id(keys, a, 2),
    link_entry_id(keys, b, 1),
    vault_note_id(keys, a, 1),
    vault_note_id(keys, a, 2),
  ]);
  assert.ok(ids.every((id) => id.length === 16));
  assert.equal(new Set(ids.map((id) => Buffer.from(id).toString("hex"))).size, ids.length);
});

test("types that this release does not know are passed over", async () => {
  for (const value of [
    { v: 1, type: "reaction", body: { anything: 1 } },
    { v: 1, type: "message", body: { .../** @type {any} */ (message.body), type: "image" } },
  ]) {
    assert.equal(await open_entry(keys, where, await seal_anything(value)), null);
  }
});

test("what has another form than this one is refused", async () => {
  const { body } = /** @type {any} */ (message);
  const [linked, noted] = [/** @type {any} */ (link.body), /** @type {any} */ (vault.body)];
  for (const value of [
    null,
    [],
    { v: 2, type: "message", body },
    { v: 1, type: "message", body, more: 1 },
    { v: 1, type: "message", body: { ...body, text: "" } },
    { v: 1, type: "message", body: { ...body, text: "x".repeat(16_385) } },
    { v: 1, type: "message", body: { ...body, author: new Uint8Array(15) } },
    { v: 1, type: "message", body: { ...body, time: -1 } },
    { v: 1, type: "message", body: { ...body, received: 1.5 } },
    { v: 1, type: "message", body: { ...body, more: 1 } },
    { v: 1, type: "message", body: { ...body, place: { mailbox: body.id, sequence: 0 } } },
    { v: 1, type: "link", body: { ...linked, number: 0 } },
    { v: 1, type: "link", body: { ...linked, entries: new Uint8Array(0) } },
    { v: 1, type: "link", body: { ...linked, entries: new Uint8Array(47) } },
    { v: 1, type: "link", body: { ...linked, entries: new Uint8Array(65 * 48) } },
    { v: 1, type: "link", body: { ...linked, prev: new Uint8Array(31) } },
    { v: 1, type: "vault", body: { ...noted, version: 0 } },
    { v: 1, type: "vault", body: { ...noted, hash: null } },
  ]) {
    await assert.rejects(open_entry(keys, where, await seal_anything(value)), refused);
  }
  await assert.rejects(open_entry(keys, where, await seal_anything({ v: 1, ...vault }, 512)), refused);
});
