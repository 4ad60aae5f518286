// @ts-check
// base64url without padding (RFC 4648 section 5), in its one canonical form.
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "./bytes.js" */

// Longer argument lists overflow the stack of some engines.
const SLICE = 8192;

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function to_base64url(bytes) {
  let binary = "";
  for (let at = 0; at < bytes.length; at += SLICE) {
    binary += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {string} text
 * @returns {Bytes}
 * @throws {Talk2meError} `encoding_invalid` for other characters, padding, white space and non-zero unused bits
 */
export function from_base64url(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new Talk2meError("encoding_invalid");
  }
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // atob drops unused bits, so several texts would read alike and a second form could pass a comparison.
  if (to_base64url(bytes) !== text) throw new Talk2meError("encoding_invalid");
  return bytes;
}
