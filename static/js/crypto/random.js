// @ts-check

/** @import { Bytes } from "../codec/bytes.js" */

// crypto.getRandomValues gives at most this many bytes a call.
const MOST = 65_536;

/**
 * @param {number} length in bytes
 * @returns {Bytes}
 */
export function random_bytes(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += MOST) crypto.getRandomValues(bytes.subarray(at, at + MOST));
  return bytes;
}
