// @ts-check
// 128 bits that a person copies by hand: base32 with a checksum, whose label says what they are for.
import { from_base32, normalise_base32, to_base32 } from "../codec/base32.js";
import { sha256 } from "../crypto/hash.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */

const KEY_CHARACTERS = 26;
const CHECK_CHARACTERS = 2;

/**
 * @param {Uint8Array} key 16 bytes
 * @param {Uint8Array} purpose the checksum's label
 * @returns {Promise<string>} seven groups of four characters, with hyphens
 */
export async function format_typed_key(key, purpose) {
  const text = to_base32(key) + (await checksum(key, purpose));
  return /** @type {string[]} */ (text.match(/.{4}/g)).join("-");
}

/**
 * @param {string} typed in any case, with spaces and hyphens anywhere
 * @param {Uint8Array} purpose
 * @returns {Promise<Bytes>} 16 bytes
 * @throws {Talk2meError} `encoding_invalid` when it was mistyped or is for something else
 */
export async function parse_typed_key(typed, purpose) {
  const text = normalise_base32(typed);
  if (text.length !== KEY_CHARACTERS + CHECK_CHARACTERS) throw new Talk2meError("encoding_invalid");
  const key = from_base32(text.slice(0, KEY_CHARACTERS));
  if (text.slice(KEY_CHARACTERS) !== (await checksum(key, purpose))) throw new Talk2meError("encoding_invalid");
  return key;
}

/** @param {Uint8Array} key @param {Uint8Array} purpose */
async function checksum(key, purpose) {
  const digest = await sha256(purpose, key);
  return to_base32(digest.subarray(0, 2)).slice(0, CHECK_CHARACTERS);
}
