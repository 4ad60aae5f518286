// @ts-check
// docs/protocol.md 4: the vault key, wrapped for each recovery key and each device of the account.
import { concat, equal, is_bytes } from "../codec/bytes.js";
import { has_exactly } from "../codec/fields.js";
import { NONCE_LENGTH, open } from "../crypto/aead.js";
import { HPKE_ENC_LENGTH, hpke_open, hpke_seal } from "../crypto/hpke.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Recovery } from "./recovery_key.js" */
/**
 * @typedef {{ kind: "recovery" | "device" | "recovery_aes", id: Bytes, enc: Bytes, wrapped: Bytes }} Wrap `id`: the signing public
 *   key of a recovery key (32 bytes), or a device id (16); `recovery_aes` is of before 0.4, its `enc` is a nonce
 */
/** @typedef {{ kind: "recovery", key: Bytes, nonce: Bytes, wrapped: Bytes }} Wrap1 of before 0.4 */
/**
 * @typedef {{ vault_key: Uint8Array } | { device: Uint8Array, hpke_private_key: Uint8Array } | { recovery: Recovery }} VaultOpener what
 *   somebody has who opens a vault
 */

const WRAPPED_LENGTH = 48;
const LENGTHS = new Map([
  ["recovery", { id: 32, enc: HPKE_ENC_LENGTH }],
  ["device", { id: 16, enc: HPKE_ENC_LENGTH }],
  ["recovery_aes", { id: 32, enc: NONCE_LENGTH }],
]);

/**
 * @param {{ vault_key: Uint8Array, account: Uint8Array, kind: "recovery" | "device", id: Uint8Array,
 *   hpke_public_key: Uint8Array }} wrap `id` as in `Wrap`
 * @returns {Promise<Wrap>}
 */
export async function wrap_vault_key({ vault_key, account, kind, id, hpke_public_key }) {
  const sealed = { to: hpke_public_key, info: label("vault wrap"), associated_data: concat(account, id), plain: vault_key };
  const { enc, sealed: wrapped } = await hpke_seal(sealed);
  return { kind, id: concat(id), enc, wrapped };
}

/**
 * @param {{ wraps: Wrap[], account: Uint8Array, opener: VaultOpener }} wrapped
 * @returns {Promise<Bytes>} the vault key, 32 bytes
 * @throws {Talk2meError} `recovery_key_wrong` when none is for whoever opens
 */
export async function unwrap_vault_key({ wraps, account, opener }) {
  if ("vault_key" in opener) return concat(opener.vault_key);
  for (const wrap of wraps) {
    const vault_key = await unwrap_or_null(wrap, account, opener);
    if (vault_key) return vault_key;
  }
  throw new Talk2meError("recovery_key_wrong");
}

/** @param {unknown} value @returns {value is Wrap} */
export function is_wrap(value) {
  if (!has_exactly(value, ["kind", "id", "enc", "wrapped"])) return false;
  const lengths = LENGTHS.get(/** @type {string} */ (value.kind));
  return (
    lengths !== undefined &&
    is_bytes(value.id, lengths.id) &&
    is_bytes(value.enc, lengths.enc) &&
    is_bytes(value.wrapped, WRAPPED_LENGTH)
  );
}

/** @param {unknown} value @returns {value is Wrap1} */
export function is_wrap_1(value) {
  return (
    has_exactly(value, ["kind", "key", "nonce", "wrapped"]) &&
    value.kind === "recovery" &&
    is_bytes(value.key, 32) &&
    is_bytes(value.nonce, NONCE_LENGTH) &&
    is_bytes(value.wrapped, WRAPPED_LENGTH)
  );
}

/** @param {Wrap1} wrap @returns {Wrap} */
export function upgrade_wrap({ key, nonce, wrapped }) {
  return { kind: "recovery_aes", id: key, enc: nonce, wrapped };
}

/**
 * @param {Wrap} wrap
 * @param {Uint8Array} account
 * @param {Exclude<VaultOpener, { vault_key: Uint8Array }>} opener
 * @returns {Promise<Bytes | null>}
 */
async function unwrap_or_null({ kind, id, enc, wrapped }, account, opener) {
  const is_device = "device" in opener;
  if ((kind === "device") !== is_device || !equal(id, is_device ? opener.device : opener.recovery.signing.public_key)) return null;
  try {
    if (!is_device && kind === "recovery_aes") {
      return await open(opener.recovery.wrap_key, enc, wrapped, concat(label("vault wrap"), account, id));
    }
    const private_key = is_device ? opener.hpke_private_key : opener.recovery.hpke.private_key;
    return await hpke_open({ private_key, enc, info: label("vault wrap"), associated_data: concat(account, id), sealed: wrapped });
  } catch {
    return null;
  }
}
