// @ts-check
// An account's vault with everything in it, for tests; and one as a release before 0.4 wrote it.
import { concat, u64 } from "../../../static/js/codec/bytes.js";
import { pack } from "../../../static/js/codec/msgpack.js";
import { pad_with_length } from "../../../static/js/codec/padme.js";
import { import_aes_key, seal } from "../../../static/js/crypto/aead.js";
import { generate_signing_key } from "../../../static/js/crypto/ed25519.js";
import { generate_hpke_key } from "../../../static/js/crypto/hpke.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { label } from "../../../static/js/protocol/labels.js";
import { derive_recovery, make_recovery_key } from "../../../static/js/protocol/recovery_key.js";
import { seal_vault, wrap_vault_key } from "../../../static/js/protocol/vault.js";

/** @import { VaultContents } from "../../../static/js/protocol/vault_contents.js" */
/** @import { VaultContents1 } from "../../../static/js/protocol/vault_contents_1.js" */
/** @import { Recovery } from "../../../static/js/protocol/recovery_key.js" */

export const ORIGIN = "https://chat.example";

/** What is the same in both forms. */
function shared_contents() {
  const identity_key = random_bytes(32);
  const verified = /** @type {const} */ ({ method: "qr", time: 2, log_size: 0 });
  const contact = { account: random_bytes(16), username: "bob", identity_key, seq: 1, hash: random_bytes(32), added: 1 };
  return {
    identity_seed: random_bytes(32),
    contacts: [
      { ...contact, verified: { identity_key, ...verified, log_root: new Uint8Array(32) }, blocked: false },
      { ...contact, account: random_bytes(16), verified: null, blocked: true },
    ],
    invitations: [{ token: random_bytes(16), created: 1, expires: 2 }],
  };
}

/** @returns {VaultContents} */
export function full_contents() {
  const { identity_seed, contacts, invitations } = shared_contents();
  return {
    v: 2,
    identity_seed,
    archive: { mailbox: random_bytes(16), keys: [{ generation: 2, key: random_bytes(32) }, { generation: 1, key: random_bytes(32) }] },
    recovery: [{ key: random_bytes(32), hpke: random_bytes(1216), kind: "passkey", name: "My key", created: 3 }],
    devices: [{ device: random_bytes(16), hpke: random_bytes(1216), name: "My phone", verified: true, links: 4, time: 5 }],
    contacts,
    invitations,
    conversations: [
      { mailbox: random_bytes(16), kind: "direct", peers: [contacts[0].account], state: "active", archive: false, time: 6 },
    ],
    settings: { receipts: { value: true, time: 7 } },
  };
}

/** The smallest one that there is. @returns {VaultContents} */
export function empty_contents() {
  const nothing = { recovery: [], devices: [], contacts: [], invitations: [], conversations: [] };
  return { v: 2, identity_seed: random_bytes(32), archive: { mailbox: null, keys: [] }, ...nothing, settings: {} };
}

/** @param {VaultContents} [contents] */
export async function make_vault(contents = full_contents()) {
  const [account, device, vault_key, recovery_key] = [random_bytes(16), random_bytes(16), random_bytes(32), make_recovery_key(random_bytes)];
  const recovery = await derive_recovery(recovery_key, account);
  const hpke = await generate_hpke_key(random_bytes);
  const sign_in = await generate_signing_key({ extractable: false });
  const wraps = await Promise.all([
    wrap_vault_key({ vault_key, account, kind: "recovery", id: recovery.signing.public_key, hpke_public_key: recovery.hpke.public_key }),
    wrap_vault_key({ vault_key, account, kind: "device", id: device, hpke_public_key: hpke.public_key }),
  ]);
  const fields = { vault_key, account, origin: ORIGIN, version: 1, author: device, sign_in_key: sign_in.private_key, wraps, contents };
  const vault = await seal_vault({ ...fields, random: random_bytes });
  const find_author = (/** @type {Uint8Array} */ id) => (Buffer.from(id).equals(device) ? sign_in.public_key : null);
  return { ...fields, device, recovery_key, recovery, hpke, find_author, vault };
}

/** @returns {VaultContents1} */
export function contents_of_before() {
  const { identity_seed, contacts, invitations } = shared_contents();
  return {
    v: 1,
    identity_seed,
    archive_key: random_bytes(32),
    contacts,
    invitations,
    conversations: [{ mailbox: random_bytes(16), kind: "direct", peers: [contacts[0].account], state: "active" }],
    settings: { receipts: true },
  };
}

/** @param {{ account: Uint8Array, vault_key: Uint8Array, recovery: Recovery }} keys */
export async function wrap_of_before({ account, vault_key, recovery }) {
  const [key, nonce] = [recovery.signing.public_key, random_bytes(12)];
  const wrapped = await seal(recovery.wrap_key, nonce, vault_key, concat(label("vault wrap"), account, key));
  return { kind: /** @type {const} */ ("recovery"), key, nonce, wrapped };
}

/** @param {{ account: Uint8Array, vault_key: Uint8Array, recovery: Recovery }} keys @param {unknown} [contents] */
export async function vault_of_before(keys, contents = contents_of_before()) {
  const { account, vault_key } = keys;
  const nonce = random_bytes(12);
  const data = concat(label("vault"), account, u64(1));
  const sealed = await seal(await import_aes_key(vault_key), nonce, pad_with_length(pack(contents), 256), data);
  return pack({ v: 1, account, version: 1, wraps: [await wrap_of_before(keys)], nonce, sealed });
}
