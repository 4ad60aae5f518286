// @ts-check
import { concat } from "../codec/bytes.js";

/** @import { Bytes } from "../codec/bytes.js" */

/**
 * @param {...Uint8Array} parts
 * @returns {Promise<Bytes>} 32 bytes
 */
export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

/**
 * @param {...Uint8Array} parts
 * @returns {Promise<Bytes>} 64 bytes
 */
export async function sha512(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", concat(...parts)));
}

/**
 * @param {Uint8Array} key at least one byte
 * @param {...Uint8Array} parts
 * @returns {Promise<Bytes>} 32 bytes
 */
export async function hmac_sha256(key, ...parts) {
  const imported = await crypto.subtle.importKey("raw", concat(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, concat(...parts)));
}
