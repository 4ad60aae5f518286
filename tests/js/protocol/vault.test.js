// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { pack, unpack } from "../../../static/js/codec/msgpack.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { derive_recovery } from "../../../static/js/protocol/recovery_key.js";
import { open_vault, seal_vault, unwrap_vault_key } from "../../../static/js/protocol/vault.js";
import { is_vault_contents } from "../../../static/js/protocol/vault_contents.js";
import { full_contents, make_vault } from "./vault_world.js";

const invalid = { code: "vault_invalid" };
const { account, vault_key, recovery_key, recovery, wrap, contents, vault } = await make_vault();

/** @param {Record<string, unknown>} changes @returns {Uint8Array} the vault with other outer fields */
const with_fields = (changes) => pack({ .../** @type {object} */ (unpack(vault)), ...changes });

test("a vault opens with the vault key and with the recovery key", async () => {
  const expected = { version: 1, vault_key, wraps: [wrap], contents };
  assert.deepEqual(await open_vault({ vault, account, vault_key }), expected);
  assert.deepEqual(await open_vault({ vault, account, recovery }), expected);
});

test("another recovery key does not open it", async () => {
  const { wrap_key, signing } = await derive_recovery(random_bytes(16), account);
  const wrong = { code: "recovery_key_wrong" };
  await assert.rejects(open_vault({ vault, account, recovery: { wrap_key, public_key: signing.public_key } }), wrong);
  await assert.rejects(open_vault({ vault, account, recovery: { ...recovery, wrap_key } }), wrong);
  await assert.rejects(unwrap_vault_key({ wrap, account: random_bytes(16), wrap_key: recovery.wrap_key }), wrong);
});

test("another vault key or another account does not open it", async () => {
  await assert.rejects(open_vault({ vault, account, vault_key: random_bytes(32) }), invalid);
  await assert.rejects(open_vault({ vault, account: random_bytes(16), vault_key }), invalid);
  const moved = with_fields({ account: new Uint8Array(16) });
  await assert.rejects(open_vault({ vault: moved, account: new Uint8Array(16), vault_key }), invalid);
});

test("a vault shown under another version does not open: a rollback cannot dress up", async () => {
  await assert.rejects(open_vault({ vault: with_fields({ version: 2 }), account, vault_key }), invalid);
});

test("any flipped bit is refused", async () => {
  for (let bit = 0; bit < 8 * vault.length; bit += 5) {
    const changed = vault.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    await assert.rejects(open_vault({ vault: changed, account, recovery }), ({ code }) =>
      ["vault_invalid", "recovery_key_wrong"].includes(code),
    );
  }
});

test("every truncation and anything behind it is refused", async () => {
  for (let length = 0; length < vault.length; length += 3) {
    await assert.rejects(open_vault({ vault: vault.subarray(0, length), account, vault_key }), invalid);
  }
  await assert.rejects(open_vault({ vault: new Uint8Array([...vault, 0]), account, vault_key }), invalid);
});

test("outer fields of another form are refused", async () => {
  for (const changes of [{ v: 2 }, { more: 1 }, { wraps: null }, { wraps: [{ ...wrap, kind: "other" }] }, { nonce: "x" }]) {
    await assert.rejects(open_vault({ vault: with_fields(changes), account, vault_key }), invalid);
  }
});

test("its size tells only the padded length", async () => {
  const size = async (/** @type {string} */ username) => {
    const with_name = { ...contents, contacts: [{ ...contents.contacts[0], username }] };
    const sealed = { vault_key, account, version: 1, wraps: [wrap], contents: with_name, random: random_bytes };
    return (await seal_vault(sealed)).length;
  };
  assert.equal(await size("al"), await size("alexandra"));
});

test("contents of another form are neither written nor read", async () => {
  const [contact] = contents.contacts;
  const [conversation] = contents.conversations;
  const wrong = [
    null,
    [],
    { ...contents, v: 2 },
    { ...contents, more: 1 },
    { ...contents, identity_seed: new Uint8Array(31) },
    { ...contents, archive_key: "text" },
    { ...contents, contacts: {} },
    { ...contents, contacts: [{ ...contact, seq: 0 }] },
    { ...contents, contacts: [{ ...contact, username: "" }] },
    { ...contents, contacts: [{ ...contact, blocked: 0 }] },
    { ...contents, contacts: [{ ...contact, verified: false }] },
    { ...contents, contacts: [{ ...contact, verified: { ...contact.verified, method: "guess" } }] },
    { ...contents, contacts: [{ ...contact, added: 1.5 }] },
    { ...contents, invitations: [{ token: new Uint8Array(15), created: 1, expires: 2 }] },
    { ...contents, conversations: [{ ...conversation, kind: "channel" }] },
    { ...contents, conversations: [{ ...conversation, peers: [new Uint8Array(32)] }] },
    { ...contents, settings: [] },
    { ...contents, settings: { a: {} } },
  ];
  for (const value of wrong) {
    assert.equal(is_vault_contents(value), false);
    const sealed = { vault_key, account, version: 1, wraps: [wrap], contents: /** @type {any} */ (value) };
    await assert.rejects(seal_vault({ ...sealed, random: random_bytes }), invalid);
  }
  assert.equal(is_vault_contents(full_contents()), true);
});

test("a vault over a mebibyte is refused before it is sent", async () => {
  const many = Array.from({ length: 10_000 }, () => contents.contacts[0]);
  const sealed = { vault_key, account, version: 1, wraps: [wrap], contents: { ...contents, contacts: many } };
  await assert.rejects(seal_vault({ ...sealed, random: random_bytes }), { code: "too_large" });
});

test("the recovery key alone leads to the vault", async () => {
  const { wrap_key, signing } = await derive_recovery(recovery_key, account);
  const opened = await open_vault({ vault, account, recovery: { wrap_key, public_key: signing.public_key } });
  assert.deepEqual(opened.contents, contents);
});
