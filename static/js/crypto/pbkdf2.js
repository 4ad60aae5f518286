// @ts-check
import { concat } from "../codec/bytes.js";

/** @import { Bytes } from "../codec/bytes.js" */

/**
 * PBKDF2 with HMAC-SHA-256 (RFC 8018). For proof of work alone: what people choose themselves is stretched by Argon2id.
 * @param {Uint8Array} password
 * @param {Uint8Array} salt
 * @param {number} rounds
 * @param {number} length in bytes
 * @returns {Promise<Bytes>}
 */
export async function pbkdf2_sha256(password, salt, rounds, length) {
  const key = await crypto.subtle.importKey("raw", concat(password), "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt: concat(salt), iterations: rounds };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 8 * length));
}
