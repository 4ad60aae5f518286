// @ts-check
// Bytes are Uint8Array everywhere. Integers are big-endian (docs/protocol.md).
import { Talk2meError } from "../errors.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes what our functions give back: never backed by shared memory */

const encoder = new TextEncoder();
// A byte order mark is not stripped: two texts that differ must not read alike.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param {...Uint8Array} parts
 * @returns {Bytes}
 */
export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * Tells whether two byte strings are the same, in a time that depends on their lengths only, so it may see secrets.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at += 1) difference |= a[at] ^ b[at];
  return difference === 0;
}

/**
 * Orders byte strings as Python and SQL do. Not for secrets.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 * @returns {number} below, at or above zero
 */
export function compare(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    if (a[at] !== b[at]) return a[at] - b[at];
  }
  return a.length - b.length;
}

/**
 * @param {number | bigint} value
 * @param {number} size bytes
 * @returns {Bytes}
 */
function unsigned(value, size) {
  let rest = BigInt(value);
  if (rest < 0n || rest >= 1n << BigInt(8 * size)) throw new Talk2meError("encoding_invalid");
  const bytes = new Uint8Array(size);
  for (let at = size - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} size bytes
 * @returns {number}
 */
function read_unsigned(bytes, at, size) {
  if (at < 0 || at + size > bytes.length) throw new Talk2meError("encoding_invalid");
  let value = 0;
  for (let next = at; next < at + size; next += 1) value = value * 256 + bytes[next];
  if (!Number.isSafeInteger(value)) throw new Talk2meError("encoding_invalid");
  return value;
}

/** @param {number} value */
export const u16 = (value) => unsigned(value, 2);
/** @param {number} value */
export const u32 = (value) => unsigned(value, 4);
/** @param {number | bigint} value */
export const u64 = (value) => unsigned(value, 8);

/** @param {Uint8Array} bytes @param {number} [at] */
export const read_u16 = (bytes, at = 0) => read_unsigned(bytes, at, 2);
/** @param {Uint8Array} bytes @param {number} [at] */
export const read_u32 = (bytes, at = 0) => read_unsigned(bytes, at, 4);
/**
 * Numbers over 2^53 - 1 are refused (`encoding_invalid`): nothing we count gets there.
 * @param {Uint8Array} bytes
 * @param {number} [at]
 */
export const read_u64 = (bytes, at = 0) => read_unsigned(bytes, at, 8);

/**
 * @param {string} text without lone surrogates, else `encoding_invalid`: they have no UTF-8 form
 * @returns {Bytes}
 */
export function to_utf8(text) {
  if (!is_well_formed(text)) throw new Talk2meError("encoding_invalid");
  return encoder.encode(text);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 * @throws {Talk2meError} `encoding_invalid` when the bytes are not UTF-8
 */
export function from_utf8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Talk2meError("encoding_invalid");
  }
}

/**
 * Tells whether a text is free of lone surrogates.
 * @param {string} text
 */
export function is_well_formed(text) {
  return !/\p{Surrogate}/u.test(text);
}

/** @param {Uint8Array} bytes */
export function to_hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {string} text
 * @returns {Bytes}
 * @throws {Talk2meError} `encoding_invalid`
 */
export function from_hex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Talk2meError("encoding_invalid");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/**
 * Tells whether a value is a byte string of exactly this length.
 * @param {unknown} value
 * @param {number} length
 * @returns {value is Bytes}
 */
export function is_bytes(value, length) {
  return value instanceof Uint8Array && value.length === length;
}
