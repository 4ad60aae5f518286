// @ts-check
// Signed notes (C2SP signed-note): a text, and beneath it one line for each signature. Nothing of a text is believed before a
// signature of a key that was known before has been checked.
import { concat, equal, from_hex, is_well_formed, read_u64, to_hex, to_utf8 } from "../codec/bytes.js";
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { is_usable_public_key, SIGNATURE_LENGTH, verify } from "../crypto/ed25519.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { hash } from "./key_log_hash.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ name: string, type: number, key: Bytes, id: Bytes }} Vkey verifier key; `type` is one of `TYPES`, `id` has 4 bytes */
/** @typedef {{ name: string, id: Bytes, signature: Bytes }} SignatureLine `signature` is what follows the id */
/** @typedef {{ text: string, lines: SignatureLine[] }} Note unverified; `text` ends with a newline, `lines` are not empty */

/** What a signature says. */
export const TYPES = Object.freeze({ ed25519: 1, cosignature: 4 });
/** @type {Set<number>} */
const KNOWN = new Set(Object.values(TYPES));

const LONGEST = 65_536;
const MOST_LINES = 100;
const ID_LENGTH = 4;
const TIME_LENGTH = 8;
const DASH = "\u2014 ";
const NAME = /^[^\s+\p{Cc}]+$/u;
const CONTROL = /[\0-\x09\x0B-\x1F\x7F]/;
const VKEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;

const malformed = () => new Talk2meError("key_log_invalid");

/**
 * @param {unknown} note
 * @returns {Note}
 * @throws {Talk2meError} `key_log_invalid`
 */
export function parse_note(note) {
  if (typeof note !== "string" || note.length > LONGEST || CONTROL.test(note) || !is_well_formed(note)) throw malformed();
  const border = note.lastIndexOf("\n\n");
  const text = note.slice(0, border + 1);
  const lines = note.slice(border + 2).split("\n");
  if (border < 0 || lines.pop() !== "" || lines.length < 1 || lines.length > MOST_LINES) throw malformed();
  return { text, lines: lines.map(read_line) };
}

/** @param {string} line @returns {SignatureLine} */
function read_line(line) {
  const [name, encoded, ...more] = line.slice(DASH.length).split(" ");
  if (!line.startsWith(DASH) || !NAME.test(name) || encoded === undefined || more.length > 0) throw malformed();
  const bytes = from_base64(encoded);
  if (bytes.length <= ID_LENGTH) throw malformed();
  return { name, id: bytes.slice(0, ID_LENGTH), signature: bytes.slice(ID_LENGTH) };
}

/**
 * @param {string} text of a note, ending with a newline
 * @param {SignatureLine[]} lines
 * @returns {string}
 */
export function write_note(text, lines) {
  return `${text}\n${lines.map(({ name, id, signature }) => `${DASH}${name} ${to_base64(concat(id, signature))}\n`).join("")}`;
}

/**
 * Reads `<name>+<hash>+<base64>`.
 * @param {unknown} text
 * @returns {Vkey}
 * @throws {Talk2meError} `key_log_invalid`, also for a type of signature that is not in `TYPES` and for a hash that is of another key
 */
export function parse_vkey(text) {
  const [, name, id, encoded] = (typeof text === "string" && text.length <= LONGEST && VKEY.exec(text)) || malformed_parts();
  const [type, ...key] = from_base64(encoded);
  const read = make_vkey(name, type, Uint8Array.from(key));
  if (!equal(read.id, from_hex(id))) throw malformed();
  return read;
}

/** @returns {never} */
function malformed_parts() {
  throw malformed();
}

/** @param {Vkey} key @returns {string} */
export function write_vkey({ name, type, key, id }) {
  return `${name}+${to_hex(id)}+${to_base64(concat(Uint8Array.of(type), key))}`;
}

/**
 * @param {string} name
 * @param {number} type one of `TYPES`
 * @param {Bytes} key 32 bytes
 * @returns {Vkey}
 * @throws {Talk2meError} `key_log_invalid`
 */
export function make_vkey(name, type, key) {
  if (!NAME.test(name) || !is_well_formed(name) || !KNOWN.has(type) || !is_usable_public_key(key)) throw malformed();
  return { name, type, key, id: hash(to_utf8(name), Uint8Array.of(10, type), key).slice(0, ID_LENGTH) };
}

/**
 * The signatures that a note claims to have of a key.
 * @param {Note} note
 * @param {Vkey} key
 * @returns {SignatureLine[]}
 */
export function lines_of(note, { name, id }) {
  return note.lines.filter((line) => line.name === name && equal(line.id, id));
}

/**
 * @param {Note} note
 * @param {Vkey} key of type `ed25519`
 * @returns {Promise<boolean>} false when it has no signature of this key, and when it has one that is wrong
 */
export async function verify_note(note, key) {
  const lines = lines_of(note, key);
  if (key.type !== TYPES.ed25519 || lines.length === 0) return false;
  const signed = to_utf8(note.text);
  for (const { signature } of lines) {
    if (!(await verify(key.key, signed, signature))) return false;
  }
  return true;
}

/**
 * @param {Note} note
 * @param {Vkey} key of type `cosignature` (C2SP tlog-cosignature)
 * @returns {Promise<number | null>} when its owner last saw the checkpoint, unix ms; null when it says nothing that holds
 */
export async function verify_cosignature(note, key) {
  let seen = null;
  for (const { signature } of lines_of(note, key)) {
    const time = read_time(signature);
    if (key.type !== TYPES.cosignature || time === null || time <= (seen ?? 0)) continue;
    const signed = to_utf8(cosigned_text(note.text, time));
    if (await verify(key.key, signed, signature.subarray(TIME_LENGTH))) seen = time;
  }
  return seen && 1000 * seen;
}

/**
 * What a cosignature covers.
 * @param {string} text of the note
 * @param {number} time unix seconds
 */
export function cosigned_text(text, time) {
  return `cosignature/v1\ntime ${time}\n${text}`;
}

/** @param {Uint8Array} signature of a witness @returns {number | null} unix seconds; null where no such time can be */
function read_time(signature) {
  if (signature.length !== TIME_LENGTH + SIGNATURE_LENGTH) return null;
  try {
    const time = read_u64(signature);
    return Number.isSafeInteger(1000 * time) ? time : null;
  } catch {
    return null;
  }
}

/** @param {Uint8Array} bytes @returns {string} base64 with padding (RFC 4648 section 4) */
export function to_base64(bytes) {
  const text = to_base64url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text.padEnd(4 * Math.ceil(text.length / 4), "=");
}

/**
 * @param {string} text
 * @returns {Bytes}
 * @throws {Talk2meError} `key_log_invalid` for any but the one form that `to_base64` writes
 */
export function from_base64(text) {
  try {
    const bytes = from_base64url(text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"));
    if (to_base64(bytes) === text) return bytes;
  } catch (error) {
    if (!is_talk2me_error(error)) throw error;
  }
  throw malformed();
}
