// @ts-check
// Argon2id (RFC 9106), which WebCrypto lacks.
import { concat } from "../codec/bytes.js";
import { argon2idAsync } from "../../vendor/third_party.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ m: number, t: number, p: number }} Argon2Cost memory in KiB, passes, lanes */

/**
 * Lets the page go on between pieces of the work.
 * @param {Uint8Array} password
 * @param {Uint8Array} salt at least 8 bytes
 * @param {Argon2Cost} cost
 * @param {number} length in bytes
 * @returns {Promise<Bytes>}
 */
export async function argon2id(password, salt, { m, t, p }, length) {
  return concat(await argon2idAsync(password, salt, { m, t, p, dkLen: length }));
}
