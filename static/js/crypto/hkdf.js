// @ts-check
import { concat } from "../codec/bytes.js";

/** @import { Bytes } from "../codec/bytes.js" */

/**
 * HKDF with SHA-256 (RFC 5869).
 * @param {Uint8Array} secret input keying material
 * @param {Uint8Array} salt
 * @param {Uint8Array} info
 * @param {number} length in bytes, at most 8,160
 * @returns {Promise<Bytes>}
 */
export async function hkdf_sha256(secret, salt, info, length) {
  const key = await crypto.subtle.importKey("raw", concat(secret), "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: concat(salt), info: concat(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 8 * length));
}
