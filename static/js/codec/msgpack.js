// @ts-check
// MessagePack, read strictly: only the one form that `pack` would have written is taken, so that no two byte strings
// mean the same and nothing hides in what is skipped.
import { msgpack_decode, msgpack_encode } from "../../vendor/third_party.js";
import { Talk2meError } from "../errors.js";
import { equal, is_well_formed } from "./bytes.js";

/** @import { Bytes } from "./bytes.js" */

const no_extensions = {
  tryToEncode: () => null,
  decode: () => {
    throw new Talk2meError("encoding_invalid");
  },
};

/** @param {unknown} key @returns {string} */
function only_text(key) {
  if (typeof key !== "string") throw new Talk2meError("encoding_invalid");
  return key;
}

/**
 * Maps are plain objects with text keys (not numerals, which JavaScript would reorder), bytes are Uint8Array.
 * @param {unknown} value
 * @returns {Bytes}
 */
export function pack(value) {
  return /** @type {Bytes} */ (msgpack_encode(value, { extensionCodec: no_extensions }));
}

/**
 * @param {Uint8Array} bytes
 * @returns {unknown} byte strings inside are copies, so that storing one does not store the whole frame
 * @throws {Talk2meError} `encoding_invalid`: not MessagePack, bytes behind it, an extension, a key that is no text or is
 *   repeated, a longer form than needed, text that is not UTF-8, an integer over 2^53 - 1
 */
export function unpack(bytes) {
  try {
    const value = msgpack_decode(bytes, { extensionCodec: no_extensions, mapKeyConverter: only_text });
    if (!equal(pack(value), bytes)) throw new Talk2meError("encoding_invalid");
    return own_copy(value);
  } catch {
    throw new Talk2meError("encoding_invalid");
  }
}

/**
 * @param {unknown} value
 * @returns {unknown}
 */
function own_copy(value) {
  if (typeof value === "string" && !is_well_formed(value)) throw new Talk2meError("encoding_invalid");
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map(own_copy);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [own_copy(key), own_copy(held)]));
  }
  return value;
}
