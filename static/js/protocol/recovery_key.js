// @ts-check
// docs/protocol.md 3: 128 bits that a person keeps on paper; from them come a wrapping key and a signing key.
import { from_base32, normalise_base32, to_base32 } from "../codec/base32.js";
import { import_aes_key } from "../crypto/aead.js";
import { signing_key_from_seed } from "../crypto/ed25519.js";
import { sha256 } from "../crypto/hash.js";
import { hkdf_sha256 } from "../crypto/hkdf.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { SigningKey } from "../crypto/ed25519.js" */
/** @typedef {{ wrap_key: CryptoKey, signing: SigningKey }} Recovery */

const KEY_CHARACTERS = 26;
const CHECK_CHARACTERS = 2;

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
  const text = to_base32(key) + (await checksum(key));
  return /** @type {string[]} */ (text.match(/.{4}/g)).join("-");
}

/**
 * @param {string} typed in any case, with spaces and hyphens anywhere
 * @returns {Promise<Bytes>} 16 bytes
 * @throws {Talk2meError} `recovery_key_invalid` when it was mistyped
 */
export async function parse_recovery_key(typed) {
  const text = normalise_base32(typed);
  if (text.length !== KEY_CHARACTERS + CHECK_CHARACTERS) throw new Talk2meError("recovery_key_invalid");
  const key = read_key(text.slice(0, KEY_CHARACTERS));
  if (text.slice(KEY_CHARACTERS) !== (await checksum(key))) throw new Talk2meError("recovery_key_invalid");
  return key;
}

/**
 * @param {Uint8Array} key 16 bytes
 * @param {Uint8Array} account
 * @returns {Promise<Recovery>} `signing.public_key` stands among the chain's recovery keys
 */
export async function derive_recovery(key, account) {
  const wrap_key = await import_aes_key(await hkdf_sha256(key, account, label("recovery wrap"), 32));
  const signing = await signing_key_from_seed(await hkdf_sha256(key, account, label("recovery sign"), 32));
  return { wrap_key, signing };
}

/** @param {string} text */
function read_key(text) {
  try {
    return from_base32(text);
  } catch {
    throw new Talk2meError("recovery_key_invalid");
  }
}

/** @param {Uint8Array} key */
async function checksum(key) {
  const digest = await sha256(label("recovery checksum"), key);
  return to_base32(digest.subarray(0, 2)).slice(0, CHECK_CHARACTERS);
}
