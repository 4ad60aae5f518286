// @ts-check
// PADME (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, section 4):
// a length tells only about log log n bits, at a cost of at most 12 %, and of 6.2 % from 256 bytes on.
import { Talk2meError } from "../errors.js";
import { concat, read_u32, u32 } from "./bytes.js";

/** @import { Bytes } from "./bytes.js" */

/**
 * @param {number} length in bytes, below 2^31
 * @param {number} [least] the smallest size there is
 * @returns {number}
 */
export function padded_length(length, least = 0) {
  if (!Number.isInteger(length) || length < 0 || length >= 2 ** 31) throw new Talk2meError("encoding_invalid");
  if (length < 2) return Math.max(length, least);
  const exponent = floor_log2(length);
  const kept_bits = floor_log2(exponent) + 1;
  const step = 2 ** Math.max(exponent - kept_bits, 0);
  return Math.max(Math.ceil(length / step) * step, least);
}

/** @param {number} value from 1 to 2^31 - 1 */
const floor_log2 = (value) => 31 - Math.clz32(value);

/**
 * @param {Uint8Array} bytes that say themselves how long they are
 * @param {number} least
 * @returns {Bytes}
 */
export function pad(bytes, least) {
  const padded = new Uint8Array(padded_length(bytes.length, least));
  padded.set(bytes);
  return padded;
}

/**
 * Makes `pad(u32 length || inner, least)`; the length is that of `inner`.
 * @param {Uint8Array} inner
 * @param {number} least
 * @returns {Bytes}
 */
export function pad_with_length(inner, least) {
  return pad(concat(u32(inner.length), inner), least);
}

/**
 * Undoes `pad_with_length`.
 * @param {Uint8Array} padded
 * @param {number} least
 * @returns {Bytes}
 * @throws {Talk2meError} `encoding_invalid` when the size is not the one PADME gives or the padding is not all zero
 */
export function unpad_with_length(padded, least) {
  const end = 4 + read_u32(padded);
  if (end > padded.length || padded_length(end, least) !== padded.length) throw new Talk2meError("encoding_invalid");
  if (padded.subarray(end).some((byte) => byte !== 0)) throw new Talk2meError("encoding_invalid");
  return /** @type {Bytes} */ (padded.slice(4, end));
}
