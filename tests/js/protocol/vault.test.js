// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { concat, u64 } from "../../../static/js/codec/bytes.js";
import { pack, unpack } from "../../../static/js/codec/msgpack.js";
import { pad_with_length } from "../../../static/js/codec/padme.js";
import { import_aes_key, seal } from "../../../static/js/crypto/aead.js";
import { generate_signing_key, sign } from "../../../static/js/crypto/ed25519.js";
import { generate_hpke_key } from "../../../static/js/crypto/hpke.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { label } from "../../../static/js/protocol/labels.js";
import { derive_recovery } from "../../../static/js/protocol/recovery_key.js";
import { signed_vault } from "../../../static/js/protocol/sealed_vault.js";
import { open_vault, read_vault, seal_vault, wrap_vault_key } from "../../../static/js/protocol/vault.js";
import { empty_contents, full_contents, make_vault, ORIGIN } from "./vault_world.js";

const invalid = { code: "vault_invalid" };
const wrong_key = { code: "recovery_key_wrong" };
const world = await make_vault();
const { account, device, vault_key, recovery, hpke, sign_in_key, find_author, wraps, contents, vault } = world;
const opener = { vault_key };
const OPENERS = { "the vault key": opener, "the recovery key": { recovery }, "a device": { device, hpke_private_key: hpke.private_key } };

/** @param {Partial<Parameters<typeof open_vault>[0]>} [changes] */
const open_with = (changes = {}) => open_vault({ vault, account, origin: ORIGIN, with: opener, find_author, ...changes });
/** @param {Partial<Parameters<typeof seal_vault>[0]>} changes */
const seal_with = (changes) => seal_vault({ ...world, random: random_bytes, ...changes });

/** The vault with other outer fields, signed anew, as a device of the account that lies would. @param {Record<string, unknown>} changes */
async function signed_with(changes) {
  const fields = { .../** @type {any} */ (unpack(vault)), ...changes };
  return pack({ ...fields, signature: await sign(sign_in_key, await signed_vault(ORIGIN, fields)) });
}
/** The same without a new signature, as a server would. @param {Record<string, unknown>} changes */
const unsigned_with = (changes) => pack({ .../** @type {object} */ (unpack(vault)), ...changes });

/** @param {{ code: string }} error */
const is_refused = ({ code }) => ["vault_invalid", "recovery_key_wrong"].includes(code);

test("a vault opens with the vault key, with a recovery key and with a device's key", async () => {
  const expected = { version: 1, vault_key, wraps, contents, author: device, was_form_1: false };
  for (const [name, held] of Object.entries(OPENERS)) {
    assert.deepEqual(await open_with({ with: held }), expected, name);
  }
});

test("who wrote it can be read before a key is there, to ask the chain for it", () => {
  const { v, author, version } = read_vault({ vault, account });
  assert.deepEqual({ v, author, version }, { v: 2, author: device, version: 1 });
});

test("another recovery key, or a device for which it was not wrapped, does not open it", async () => {
  const other = await derive_recovery(random_bytes(16), account);
  const { private_key } = await generate_hpke_key(random_bytes);
  for (const held of [
    { recovery: other },
    { recovery: { ...other, signing: recovery.signing } },
    { device: random_bytes(16), hpke_private_key: hpke.private_key },
    { device, hpke_private_key: private_key },
  ]) {
    await assert.rejects(open_with({ with: held }), wrong_key);
  }
});

test("a new vault key locks out for whom it is not wrapped: their old wraps and the old key open nothing", async () => {
  const new_key = random_bytes(32);
  const kept = await wrap_vault_key({
    vault_key: new_key,
    account,
    kind: "recovery",
    id: recovery.signing.public_key,
    hpke_public_key: recovery.hpke.public_key,
  });
  const rotated = await seal_with({ vault_key: new_key, wraps: [kept], version: 2 });
  assert.deepEqual((await open_with({ vault: rotated, with: { recovery } })).vault_key, new_key);
  await assert.rejects(open_with({ vault: rotated }), invalid);
  await assert.rejects(open_with({ vault: rotated, with: OPENERS["a device"] }), wrong_key);
});

test("a vault by an unknown author, or signed with another key, is refused", async () => {
  await assert.rejects(open_with({ find_author: () => null }), invalid);
  await assert.rejects(open_with({ find_author: async () => null }), invalid);
  const { public_key, private_key } = await generate_signing_key({ extractable: false });
  await assert.rejects(open_with({ find_author: () => public_key }), invalid);
  await assert.rejects(open_with({ vault: await seal_with({ sign_in_key: private_key }) }), invalid);
});

test("a vault of another server, another account or another vault key is refused", async () => {
  await assert.rejects(open_with({ origin: "https://other.example" }), invalid);
  await assert.rejects(open_with({ account: random_bytes(16) }), invalid);
  await assert.rejects(open_with({ with: { vault_key: random_bytes(32) } }), invalid);
});

test("what is sealed belongs to its account, version and author, whoever signs it anew", async () => {
  const other = random_bytes(16);
  const by_any = () => find_author(device);
  for (const changes of [{ version: 2 }, { author: other }, { account: other }]) {
    const { account: named = account } = /** @type {{ account?: any }} */ (changes);
    await assert.rejects(open_with({ vault: unsigned_with(changes), account: named, find_author: by_any }), invalid);
    await assert.rejects(open_with({ vault: await signed_with(changes), account: named, find_author: by_any }), invalid);
  }
});

test("a wrap that the server adds, drops or exchanges is refused", async () => {
  for (const changed of [[], [wraps[0]], [...wraps, wraps[0]], [wraps[1], wraps[0]]]) {
    await assert.rejects(open_with({ vault: unsigned_with({ wraps: changed }) }), invalid);
  }
});

test("any flipped byte is refused, with every key: nothing else is ever read", async () => {
  const small = await make_vault(empty_contents());
  const held = [{ vault_key: small.vault_key }, { recovery: small.recovery }];
  for (let at = 0; at < small.vault.length; at += 1) {
    const changed = small.vault.slice();
    changed[at] ^= 1 << (at & 7);
    const sealed = { vault: changed, account: small.account, origin: ORIGIN, find_author: small.find_author };
    await assert.rejects(open_vault({ ...sealed, with: held[at & 1] }), is_refused, `byte ${at}`);
  }
});

test("every truncation, anything behind it and other orders of its fields are refused", async () => {
  for (let length = 0; length < vault.length; length += 7) {
    await assert.rejects(open_with({ vault: vault.subarray(0, length) }), invalid);
  }
  await assert.rejects(open_with({ vault: new Uint8Array([...vault, 0]) }), invalid);
  const { signature, ...fields } = /** @type {any} */ (unpack(vault));
  await assert.rejects(open_with({ vault: pack({ signature, ...fields }) }), invalid);
});

test("outer fields and wraps of another form are refused, though rightly signed", async () => {
  const [wrap] = wraps;
  for (const changes of [
    { v: 3 },
    { more: 1 },
    { version: 0 },
    { author: random_bytes(15) },
    { nonce: "x" },
    { wraps: null },
    { wraps: [{ ...wrap, kind: "other" }] },
    { wraps: [{ ...wrap, kind: "device" }] },
    { wraps: [{ ...wrap, id: random_bytes(31) }] },
    { wraps: [{ ...wrap, enc: random_bytes(12) }] },
    { wraps: [{ ...wrap, kind: "recovery_aes" }] },
    { wraps: [...wraps, { ...wrap, more: 1 }] },
    { wraps: Array.from({ length: 49 }, () => wrap) },
  ]) {
    await assert.rejects(open_with({ vault: await signed_with(changes) }), invalid, JSON.stringify(Object.keys(changes)));
  }
});

test("a wrap for somebody else does not matter to who opens", async () => {
  const { public_key } = await generate_hpke_key(random_bytes);
  const other = await wrap_vault_key({ vault_key: random_bytes(32), account, kind: "device", id: random_bytes(16), hpke_public_key: public_key });
  const more = await seal_with({ wraps: [other, ...wraps] });
  for (const held of Object.values(OPENERS)) assert.deepEqual((await open_with({ vault: more, with: held })).contents, contents);
});

test("a wrap of another account does not open", async () => {
  const moved = await Promise.all(
    /** @type {const} */ ([
      ["recovery", recovery.signing.public_key, recovery.hpke.public_key],
      ["device", device, hpke.public_key],
    ]).map(([kind, id, hpke_public_key]) => wrap_vault_key({ vault_key, account: random_bytes(16), kind, id, hpke_public_key })),
  );
  const changed = await seal_with({ wraps: moved });
  await assert.rejects(open_with({ vault: changed, with: { recovery } }), wrong_key);
  await assert.rejects(open_with({ vault: changed, with: OPENERS["a device"] }), wrong_key);
});

test("padding that is wrong is refused, though rightly sealed and signed", async () => {
  const nonce = random_bytes(12);
  const data = concat(label("vault"), account, u64(1), device);
  const key = await import_aes_key(vault_key);
  const padded = pad_with_length(pack(contents), 256);
  padded[padded.length - 1] = 1;
  for (const plain of [padded, padded.subarray(0, -1), pack(contents)]) {
    const sealed = await seal(key, nonce, plain, data);
    await assert.rejects(open_with({ vault: await signed_with({ nonce, sealed }) }), invalid);
  }
});

test("its size tells only the padded length", async () => {
  const size = async (/** @type {string} */ username) => {
    const with_name = { ...contents, contacts: [{ ...contents.contacts[0], username }] };
    return (await seal_with({ contents: with_name })).length;
  };
  assert.equal(await size("al"), await size("alexandra"));
});

test("contents of another form are not sealed, nor more than a mebibyte", async () => {
  await assert.rejects(seal_with({ contents: /** @type {any} */ ({ ...contents, v: 1 }) }), invalid);
  await assert.rejects(seal_with({ wraps: Array.from({ length: 49 }, () => wraps[0]) }), invalid);
  const many = Array.from({ length: 10_000 }, () => contents.contacts[0]);
  await assert.rejects(seal_with({ contents: { ...full_contents(), contacts: many } }), { code: "too_large" });
});
