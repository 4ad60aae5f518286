// @ts-check
// Vaults of releases before 0.4 are read, never written. tests/vectors/formats.json has one that such a release wrote.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pack, unpack } from "../../../static/js/codec/msgpack.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { derive_recovery } from "../../../static/js/protocol/recovery_key.js";
import { open_vault, seal_vault } from "../../../static/js/protocol/vault.js";
import { upgrade_contents } from "../../../static/js/protocol/vault_contents_1.js";
import { contents_of_before, full_contents, make_vault, ORIGIN, vault_of_before } from "./vault_world.js";

const invalid = { code: "vault_invalid" };
const world = await make_vault();
const { account, vault_key, recovery, device, hpke } = world;
const contents = contents_of_before();
const vault = await vault_of_before(world, contents);

/** @param {Partial<Parameters<typeof open_vault>[0]>} [changes] */
const open_with = (changes = {}) =>
  open_vault({ vault, account, origin: ORIGIN, with: { vault_key }, find_author: () => null, ...changes });

test("a vault of before 0.4 opens, in the form of now, and says what it was: no device vouches for it", async () => {
  for (const opener of [{ vault_key }, { recovery }]) {
    const opened = await open_with({ with: opener });
    assert.deepEqual(opened.contents, await upgrade_contents(contents));
    assert.deepEqual([opened.vault_key, opened.author, opened.was_form_1], [vault_key, null, true]);
  }
});

test("its wraps are kept in a vault of now, and the recovery key opens that as well", async () => {
  const { wraps } = await open_with();
  const now = await seal_vault({ ...world, wraps, random: random_bytes });
  const opened = await open_with({ vault: now, with: { recovery }, find_author: world.find_author });
  assert.deepEqual([opened.wraps, opened.was_form_1], [wraps, false]);
  assert.equal(wraps[0].kind, "recovery_aes");
});

test("another key does not open it", async () => {
  const other = await derive_recovery(random_bytes(16), account);
  for (const opener of [{ recovery: other }, { recovery: { ...other, signing: recovery.signing } }, { device, hpke_private_key: hpke.private_key }]) {
    await assert.rejects(open_with({ with: opener }), { code: "recovery_key_wrong" });
  }
  await assert.rejects(open_with({ with: { vault_key: random_bytes(32) } }), invalid);
  await assert.rejects(open_with({ account: random_bytes(16) }), invalid);
});

test("any flipped byte and every truncation is refused", async () => {
  for (let at = 0; at < vault.length; at += 1) {
    const changed = vault.slice();
    changed[at] ^= 1 << (at & 7);
    await assert.rejects(open_with({ vault: changed, with: { recovery } }), ({ code }) => ["vault_invalid", "recovery_key_wrong"].includes(code));
    await assert.rejects(open_with({ vault: vault.subarray(0, at) }), invalid);
  }
});

test("neither form holds the contents of the other, nor passes for it", async () => {
  await assert.rejects(open_with({ vault: await vault_of_before(world, full_contents()) }), invalid);
  const { version, nonce, sealed } = /** @type {any} */ (unpack(world.vault));
  await assert.rejects(open_with({ vault: pack({ v: 1, account, version, wraps: [], nonce, sealed }) }), invalid);
  const before = /** @type {any} */ (unpack(vault));
  for (const changes of [{ version: 2 }, { more: 1 }, { wraps: null }, { wraps: [{ ...before.wraps[0], kind: "other" }] }, { nonce: "x" }]) {
    await assert.rejects(open_with({ vault: pack({ ...before, ...changes }) }), invalid);
  }
});
