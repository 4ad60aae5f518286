// @ts-check
// AES-256-GCM (NIST SP 800-38D): nonce of 12 bytes, tag of 16 behind the ciphertext.
import { concat } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */

export const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;

/**
 * @param {Uint8Array} bytes 32 of them
 * @returns {Promise<CryptoKey>} cannot be exported
 */
export async function import_aes_key(bytes) {
  if (bytes.length !== 32) throw new Talk2meError("encoding_invalid");
  return crypto.subtle.importKey("raw", concat(bytes), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/**
 * Makes a key that can be kept in IndexedDB and used, but never read.
 * @returns {Promise<CryptoKey>}
 */
export async function generate_wrapping_key() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/**
 * @param {CryptoKey} key
 * @param {Uint8Array} nonce 12 bytes, never used with this key before
 * @param {Uint8Array} plain
 * @param {Uint8Array} associated_data
 * @returns {Promise<Bytes>} 16 bytes longer than `plain`
 */
export async function seal(key, nonce, plain, associated_data) {
  return new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, associated_data), key, concat(plain)));
}

/**
 * @param {CryptoKey} key
 * @param {Uint8Array} nonce
 * @param {Uint8Array} sealed
 * @param {Uint8Array} associated_data
 * @returns {Promise<Bytes>}
 * @throws {Talk2meError} `not_decryptable`, whatever the reason was
 */
export async function open(key, nonce, sealed, associated_data) {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(nonce, associated_data), key, concat(sealed)));
  } catch {
    throw new Talk2meError("not_decryptable");
  }
}

/**
 * @param {Uint8Array} nonce
 * @param {Uint8Array} associated_data
 */
function parameters(nonce, associated_data) {
  if (nonce.length !== NONCE_LENGTH) throw new Talk2meError("encoding_invalid");
  return { name: "AES-GCM", iv: concat(nonce), additionalData: concat(associated_data), tagLength: 8 * TAG_LENGTH };
}
