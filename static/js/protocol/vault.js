// @ts-check
// docs/protocol.md 4: the account's own secrets and settings, readable by its devices and with its recovery key.
import { concat, equal, is_bytes, u64 } from "../codec/bytes.js";
import { has_exactly, is_integer, is_list } from "../codec/fields.js";
import { pack, unpack } from "../codec/msgpack.js";
import { pad_with_length, unpad_with_length } from "../codec/padme.js";
import { import_aes_key, NONCE_LENGTH, open, seal } from "../crypto/aead.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";
import { is_vault_contents } from "./vault_contents.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { VaultContents } from "./vault_contents.js" */
/** @typedef {{ kind: "recovery", key: Bytes, nonce: Bytes, wrapped: Bytes }} Wrap `key` is the recovery public key */
/** @typedef {{ v: 1, account: Bytes, version: number, wraps: Wrap[], nonce: Bytes, sealed: Bytes }} SealedVault */

export const VAULT_LIMIT = 1024 * 1024;
const LEAST = 256;
const MOST_WRAPS = 8;

/**
 * @param {{ vault_key: Uint8Array, account: Uint8Array, version: number, wraps: Wrap[], contents: VaultContents,
 *   random: (length: number) => Bytes }} vault `vault_key` 32 bytes; `version` one more than the stored one
 * @returns {Promise<Bytes>}
 * @throws {Talk2meError} `vault_invalid` for contents of another form, `too_large` over 1 MiB
 */
export async function seal_vault({ vault_key, account, version, wraps, contents, random }) {
  if (!is_vault_contents(contents)) throw new Talk2meError("vault_invalid");
  const nonce = random(NONCE_LENGTH);
  const plain = pad_with_length(pack(contents), LEAST);
  const sealed = await seal(await import_aes_key(vault_key), nonce, plain, vault_data(account, version));
  const bytes = pack({ v: 1, account, version, wraps, nonce, sealed });
  if (bytes.length > VAULT_LIMIT) throw new Talk2meError("too_large");
  return bytes;
}

/**
 * Opens a vault with the vault key, or with the recovery key's wrapping key and public key.
 * @param {{ vault: Uint8Array, account: Uint8Array, vault_key?: Uint8Array,
 *   recovery?: { wrap_key: CryptoKey, public_key: Uint8Array } }} sealed
 * @returns {Promise<{ version: number, vault_key: Bytes, wraps: Wrap[], contents: VaultContents }>}
 * @throws {Talk2meError} `recovery_key_wrong` when no wrap is for that recovery key; `vault_invalid` for everything else
 */
export async function open_vault({ vault, account, vault_key, recovery }) {
  const { version, wraps, nonce, sealed } = read_sealed_vault(vault, account);
  const key = vault_key ? concat(vault_key) : await unwrap_with(wraps, account, recovery);
  try {
    const plain = await open(await import_aes_key(key), nonce, sealed, vault_data(account, version));
    const contents = unpack(unpad_with_length(plain, LEAST));
    if (is_vault_contents(contents)) return { version, vault_key: key, wraps, contents };
  } catch {
    // told below: why it can't be read would only help whoever changed it
  }
  throw new Talk2meError("vault_invalid");
}

/**
 * @param {{ vault_key: Uint8Array, account: Uint8Array, wrap_key: CryptoKey, public_key: Uint8Array,
 *   random: (length: number) => Bytes }} keys `wrap_key` and `public_key` of `derive_recovery`
 * @returns {Promise<Wrap>}
 */
export async function wrap_vault_key({ vault_key, account, wrap_key, public_key, random }) {
  const nonce = random(NONCE_LENGTH);
  const wrapped = await seal(wrap_key, nonce, vault_key, wrap_data(account, public_key));
  return { kind: "recovery", key: concat(public_key), nonce, wrapped };
}

/**
 * @param {{ wrap: Wrap, account: Uint8Array, wrap_key: CryptoKey }} wrapped
 * @returns {Promise<Bytes>} the vault key, 32 bytes
 * @throws {Talk2meError} `recovery_key_wrong`
 */
export async function unwrap_vault_key({ wrap, account, wrap_key }) {
  try {
    return await open(wrap_key, wrap.nonce, wrap.wrapped, wrap_data(account, wrap.key));
  } catch {
    throw new Talk2meError("recovery_key_wrong");
  }
}

/** @param {unknown} value @returns {value is Wrap} */
export function is_wrap(value) {
  return (
    has_exactly(value, ["kind", "key", "nonce", "wrapped"]) &&
    value.kind === "recovery" &&
    is_bytes(value.key, 32) &&
    is_bytes(value.nonce, NONCE_LENGTH) &&
    is_bytes(value.wrapped, 48)
  );
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} account
 * @returns {SealedVault}
 */
function read_sealed_vault(bytes, account) {
  const value = bytes.length <= VAULT_LIMIT ? unpack_or_null(bytes) : null;
  if (!is_sealed_vault(value) || !equal(value.account, account)) throw new Talk2meError("vault_invalid");
  return value;
}

/** @param {Uint8Array} bytes */
function unpack_or_null(bytes) {
  try {
    return unpack(bytes);
  } catch {
    return null;
  }
}

/** @param {unknown} value @returns {value is SealedVault} */
function is_sealed_vault(value) {
  return (
    has_exactly(value, ["v", "account", "version", "wraps", "nonce", "sealed"]) &&
    value.v === 1 &&
    is_bytes(value.account, 16) &&
    is_integer(value.version, 1) &&
    is_list(value.wraps, MOST_WRAPS, is_wrap) &&
    is_bytes(value.nonce, NONCE_LENGTH) &&
    value.sealed instanceof Uint8Array
  );
}

/**
 * @param {Wrap[]} wraps
 * @param {Uint8Array} account
 * @param {{ wrap_key: CryptoKey, public_key: Uint8Array } | undefined} recovery
 */
async function unwrap_with(wraps, account, recovery) {
  const wrap = wraps.find(({ key }) => recovery && equal(key, recovery.public_key));
  if (!wrap || !recovery) throw new Talk2meError("recovery_key_wrong");
  return unwrap_vault_key({ wrap, account, wrap_key: recovery.wrap_key });
}

/** @param {Uint8Array} account @param {number} version */
const vault_data = (account, version) => concat(label("vault"), account, u64(version));
/** @param {Uint8Array} account @param {Uint8Array} key */
const wrap_data = (account, key) => concat(label("vault wrap"), account, key);
