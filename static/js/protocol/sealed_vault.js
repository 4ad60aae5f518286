// @ts-check
// The outer form of a vault (docs/protocol.md 4): what the server sees of it, and what its author has signed.
import { concat, equal, is_bytes, to_utf8, u64 } from "../codec/bytes.js";
import { has_exactly, is_integer, is_list } from "../codec/fields.js";
import { pack, unpack } from "../codec/msgpack.js";
import { NONCE_LENGTH } from "../crypto/aead.js";
import { SIGNATURE_LENGTH } from "../crypto/ed25519.js";
import { sha256 } from "../crypto/hash.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";
import { is_wrap, is_wrap_1, upgrade_wrap } from "./vault_wraps.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Wrap, Wrap1 } from "./vault_wraps.js" */
/** @typedef {{ account: Bytes, version: number, author: Bytes, wraps: Wrap[], nonce: Bytes, sealed: Bytes }} VaultFields */
/** @typedef {VaultFields & { v: 2, signature: Bytes }} SignedVault `author`: a device id */
/** @typedef {Omit<VaultFields, "author"> & { v: 1, author: null }} VaultOfBefore of before 0.4: no device has signed it */
/** @typedef {SignedVault | VaultOfBefore} UnverifiedVault */

const VAULT_LIMIT = 1024 * 1024;
const MOST_WRAPS = 48;
const FIELDS_1 = ["v", "account", "version", "wraps", "nonce", "sealed"];
const FIELDS = ["v", "account", "version", "author", "wraps", "nonce", "sealed", "signature"];

/**
 * Reads what can be read without a key. Nothing of it is to be believed.
 * @param {{ vault: Uint8Array, account: Uint8Array }} sealed
 * @returns {UnverifiedVault}
 * @throws {Talk2meError} `vault_invalid`
 */
export function read_vault({ vault, account }) {
  const value = vault.length <= VAULT_LIMIT ? unpack_or_null(vault) : null;
  // One order of fields, as it was signed: then no two byte strings are one vault.
  if (is_signed_vault(value) && equal(value.account, account) && equal(pack_vault(value), vault)) return value;
  if (is_vault_of_before(value) && equal(value.account, account)) {
    const { version, nonce, sealed } = value;
    return { v: 1, account: value.account, version, author: null, wraps: value.wraps.map(upgrade_wrap), nonce, sealed };
  }
  throw new Talk2meError("vault_invalid");
}

/**
 * @param {SignedVault} vault
 * @returns {Bytes}
 * @throws {Talk2meError} `vault_invalid` for another form, `too_large` over 1 MiB
 */
export function write_vault(vault) {
  if (!is_signed_vault(vault)) throw new Talk2meError("vault_invalid");
  const bytes = pack_vault(vault);
  if (bytes.length > VAULT_LIMIT) throw new Talk2meError("too_large");
  return bytes;
}

/**
 * @param {string} origin
 * @param {VaultFields} vault
 * @returns {Promise<Bytes>} what the author signs
 */
export async function signed_vault(origin, vault) {
  return concat(label("vault"), to_utf8(origin), Uint8Array.of(0), await sha256(pack(in_order(vault))));
}

/**
 * @param {{ account: Uint8Array, version: number, author: Uint8Array | null }} vault
 * @returns {Bytes} the associated data of what is sealed
 */
export function vault_data({ account, version, author }) {
  return concat(label("vault"), account, u64(version), author ?? new Uint8Array(0));
}

/** @param {VaultFields} vault */
const in_order = ({ account, version, author, wraps, nonce, sealed }) => ({ v: 2, account, version, author, wraps, nonce, sealed });
/** @param {SignedVault} vault */
const pack_vault = (vault) => pack({ ...in_order(vault), signature: vault.signature });

/** @param {Uint8Array} bytes */
function unpack_or_null(bytes) {
  try {
    return unpack(bytes);
  } catch {
    return null;
  }
}

/** @param {unknown} value @returns {value is SignedVault} */
function is_signed_vault(value) {
  return (
    has_exactly(value, FIELDS) &&
    value.v === 2 &&
    has_common_fields(value) &&
    is_bytes(value.author, 16) &&
    is_list(value.wraps, MOST_WRAPS, is_wrap) &&
    is_bytes(value.signature, SIGNATURE_LENGTH)
  );
}

/** @param {unknown} value @returns {value is Omit<VaultOfBefore, "wraps"> & { wraps: Wrap1[] }} */
function is_vault_of_before(value) {
  return has_exactly(value, FIELDS_1) && value.v === 1 && has_common_fields(value) && is_list(value.wraps, MOST_WRAPS, is_wrap_1);
}

/** @param {Record<string, unknown>} value */
function has_common_fields({ account, version, nonce, sealed }) {
  return is_bytes(account, 16) && is_integer(version, 1) && is_bytes(nonce, NONCE_LENGTH) && sealed instanceof Uint8Array;
}
