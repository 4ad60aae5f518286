// @ts-check
// docs/protocol.md 3: 128 bits that a person keeps on paper, or what a passkey gives; from them come three keys.
import { import_aes_key } from "../crypto/aead.js";
import { signing_key_from_seed } from "../crypto/ed25519.js";
import { hkdf_sha256 } from "../crypto/hkdf.js";
import { hpke_key_from_seed } from "../crypto/hpke.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";
import { format_typed_key, parse_typed_key } from "./typed_key.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { SigningKey } from "../crypto/ed25519.js" */
/** @import { HpkeKey } from "../crypto/hpke.js" */
/** @typedef {{ wrap_key: CryptoKey, signing: SigningKey, hpke: HpkeKey }} Recovery `wrap_key` is for vaults of before 0.4 */

const PURPOSE = label("recovery checksum");

/**
 * @param {(length: number) => Bytes} random
 * @returns {Bytes} 16 bytes
 */
export function make_recovery_key(random) {
  return random(16);
}

/**
 * @param {Uint8Array} key 16 bytes
 * @returns {Promise<string>} seven groups of four characters, with hyphens
 */
export async function format_recovery_key(key) {
  return format_typed_key(key, PURPOSE);
}

/**
 * @param {string} typed in any case, with spaces and hyphens anywhere
 * @returns {Promise<Bytes>} 16 bytes
 * @throws {Talk2meError} `recovery_key_invalid` when it was mistyped
 */
export async function parse_recovery_key(typed) {
  try {
    return await parse_typed_key(typed, PURPOSE);
  } catch {
    throw new Talk2meError("recovery_key_invalid");
  }
}

/**
 * @param {Uint8Array} secret a recovery key's 16 bytes, or the 32 that a passkey gives
 * @param {Uint8Array} account
 * @returns {Promise<Recovery>} `signing.public_key` stands among the chain's recovery keys
 */
export async function derive_recovery(secret, account) {
  const wrap_key = await import_aes_key(await hkdf_sha256(secret, account, label("recovery wrap"), 32));
  const signing = await signing_key_from_seed(await hkdf_sha256(secret, account, label("recovery sign"), 32));
  const hpke = await hpke_key_from_seed(await hkdf_sha256(secret, account, label("recovery hpke"), 32));
  return { wrap_key, signing, hpke };
}
