// @ts-check
// Crockford's base32 (https://www.crockford.com/base32.html): no I, L, O or U, read without regard to case.
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "./bytes.js" */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Most significant bit first; zero bits fill up the last character.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function to_base32(bytes) {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += ALPHABET[(bits >>> held) & 31];
    }
    bits &= (1 << held) - 1;
  }
  return held > 0 ? text + ALPHABET[(bits << (5 - held)) & 31] : text;
}

/**
 * What a person typed, in the form the alphabet has it: upper case, no spaces or hyphens, O as 0, I and L as 1.
 * @param {string} typed
 * @returns {string}
 */
export function normalise_base32(typed) {
  return typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
}

/**
 * @param {string} text already normalised
 * @returns {Bytes}
 * @throws {Talk2meError} `encoding_invalid` for other characters, an impossible length or non-zero unused bits
 */
export function from_base32(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw new Talk2meError("encoding_invalid");
    bits = (bits << 5) | value;
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes[at] = bits >>> held;
      at += 1;
      bits &= (1 << held) - 1;
    }
  }
  if (held >= 5 || bits !== 0) throw new Talk2meError("encoding_invalid");
  return bytes;
}
