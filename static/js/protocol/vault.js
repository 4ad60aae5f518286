// @ts-check
// docs/protocol.md 4: the account's own secrets and settings, signed by the device that wrote them, readable by its devices and
// with its recovery keys.
import { concat } from "../codec/bytes.js";
import { pack, unpack } from "../codec/msgpack.js";
import { pad_with_length, unpad_with_length } from "../codec/padme.js";
import { import_aes_key, NONCE_LENGTH, open, seal } from "../crypto/aead.js";
import { sign, verify } from "../crypto/ed25519.js";
import { Talk2meError } from "../errors.js";
import { read_vault, signed_vault, vault_data, write_vault } from "./sealed_vault.js";
import { is_vault_contents } from "./vault_contents.js";
import { is_vault_contents_1, upgrade_contents } from "./vault_contents_1.js";
import { unwrap_vault_key } from "./vault_wraps.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { SignedVault, UnverifiedVault } from "./sealed_vault.js" */
/** @import { VaultContents } from "./vault_contents.js" */
/** @import * as wraps from "./vault_wraps.js" */
/** @typedef {wraps.Wrap} Wrap */
/** @typedef {wraps.VaultOpener} VaultOpener */
/**
 * @typedef {(device_id: Bytes) => Uint8Array | null | Promise<Uint8Array | null>} FindAuthor gives a device's sign-in key, null when
 *   nothing of that device is to be believed
 */
/**
 * @typedef {{ version: number, vault_key: Bytes, wraps: Wrap[], contents: VaultContents, author: Bytes | null,
 *   was_form_1: boolean }} OpenedVault `was_form_1`: of before 0.4, then `author` is null and no device vouches for it
 */

const LEAST = 256;

/**
 * @param {{ vault_key: Uint8Array, account: Uint8Array, origin: string, version: number, author: Uint8Array,
 *   sign_in_key: CryptoKey, wraps: Wrap[], contents: VaultContents, random: (length: number) => Bytes }} vault `vault_key` 32 bytes;
 *   `version` one more than the stored one; `author` and `sign_in_key` are of the device that writes
 * @returns {Promise<Bytes>}
 * @throws {Talk2meError} `vault_invalid` for contents or wraps of another form, `too_large` over 1 MiB
 */
export async function seal_vault({ vault_key, account, origin, version, author, sign_in_key, wraps, contents, random }) {
  if (!is_vault_contents(contents)) throw new Talk2meError("vault_invalid");
  const nonce = random(NONCE_LENGTH);
  const plain = pad_with_length(pack(contents), LEAST);
  const sealed = await seal(await import_aes_key(vault_key), nonce, plain, vault_data({ account, version, author }));
  const fields = { account: concat(account), version, author: concat(author), wraps, nonce, sealed };
  const signature = await sign(sign_in_key, await signed_vault(origin, fields));
  return write_vault({ v: 2, ...fields, signature });
}

/**
 * @param {{ vault: Uint8Array, account: Uint8Array, origin: string, with: VaultOpener, find_author: FindAuthor }} sealed
 * @returns {Promise<OpenedVault>}
 * @throws {Talk2meError} `recovery_key_wrong` when no wrap is for whoever opens; `vault_invalid` for everything else
 */
export async function open_vault({ vault, account, origin, with: opener, find_author }) {
  const unverified = read_vault({ vault, account });
  if (unverified.v === 2) await check_signature(unverified, origin, find_author);
  const { v, version, wraps, author } = unverified;
  const vault_key = await unwrap_vault_key({ wraps, account, opener });
  return { version, vault_key, wraps, contents: await open_contents(unverified, vault_key), author, was_form_1: v === 1 };
}

/**
 * @param {SignedVault} unverified
 * @param {string} origin
 * @param {FindAuthor} find_author
 */
async function check_signature(unverified, origin, find_author) {
  const key = await find_author(unverified.author);
  if (!key || !(await verify(key, await signed_vault(origin, unverified), unverified.signature))) {
    throw new Talk2meError("vault_invalid");
  }
}

/** @param {UnverifiedVault} vault whose signature is right @param {Uint8Array} vault_key @returns {Promise<VaultContents>} */
async function open_contents(vault, vault_key) {
  try {
    const plain = await open(await import_aes_key(vault_key), vault.nonce, vault.sealed, vault_data(vault));
    const contents = unpack(unpad_with_length(plain, LEAST));
    if (vault.v === 2 && is_vault_contents(contents)) return contents;
    if (vault.v === 1 && is_vault_contents_1(contents)) return await upgrade_contents(contents);
  } catch {
    // told below: why it can't be read would only help whoever changed it
  }
  throw new Talk2meError("vault_invalid");
}

export { read_vault } from "./sealed_vault.js";
export { wrap_vault_key } from "./vault_wraps.js";
