// @ts-check
// The key log is hashed without waiting: a proof is some hundred hashes of 64 bytes, a look at the tail some thousands, and each
// asynchronous call of WebCrypto would take longer than the hash that it makes.
import { hmac, sha256 } from "../../vendor/third_party.js";
import { concat } from "../codec/bytes.js";

/** @import { Bytes } from "../codec/bytes.js" */

export const HASH_LENGTH = 32;

/**
 * @param {...Uint8Array} parts
 * @returns {Bytes} SHA-256, 32 bytes
 */
export function hash(...parts) {
  return sha256(concat(...parts));
}

/**
 * @param {Uint8Array} key
 * @param {...Uint8Array} parts
 * @returns {Bytes} HMAC-SHA-256, 32 bytes
 */
export function keyed_hash(key, ...parts) {
  return hmac(sha256, key, concat(...parts));
}

/**
 * @param {Uint8Array} joined hashes, one after the other
 * @returns {Uint8Array[] | null} null when they don't come out even
 */
export function split_hashes(joined) {
  if (joined.length % HASH_LENGTH !== 0) return null;
  const count = joined.length / HASH_LENGTH;
  return Array.from({ length: count }, (_, at) => joined.subarray(HASH_LENGTH * at, HASH_LENGTH * (at + 1)));
}
