// @ts-check
// docs/key_log.md 3: what the server signs of its log. A checkpoint that comes out of here was signed by the log's own key.
import { is_bytes } from "../codec/bytes.js";
import { is_integer } from "../codec/fields.js";
import { SIGNATURE_LENGTH } from "../crypto/ed25519.js";
import { Talk2meError } from "../errors.js";
import { HASH_LENGTH } from "./key_log_hash.js";
import {
  from_base64,
  lines_of,
  make_vkey,
  parse_note,
  to_base64,
  TYPES,
  verify_cosignature,
  verify_note,
  write_note,
} from "./signed_note.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Note, Vkey } from "./signed_note.js" */
/** @typedef {{ name: string, key: Bytes }} Log who signs: the name in its notes and its Ed25519 key */
/** @typedef {{ size: number, root: Bytes, signature: Bytes, note: string }} Checkpoint verified; `signature` is the log's, of 64 bytes */

const SIZE = /^[1-9][0-9]*$/;

/**
 * @param {unknown} note
 * @param {Log} log
 * @returns {Promise<Checkpoint>}
 * @throws {Talk2meError} `key_log_invalid` when it is no checkpoint or its signature is wrong; `log_key_changed`, with the note in
 *   `details.theirs`, when it is a checkpoint of another name or one that this log's key does not claim to have signed
 */
export async function read_checkpoint(note, log) {
  const parsed = parse_note(note);
  const { name, size, root } = read_text(parsed);
  const key = make_vkey(log.name, TYPES.ed25519, log.key);
  const [line] = lines_of(parsed, key);
  if (name !== log.name || !line) throw new Talk2meError("log_key_changed", { theirs: note });
  if (!(await verify_note(parsed, key))) throw new Talk2meError("key_log_invalid");
  return { size, root, signature: line.signature, note: /** @type {string} */ (note) };
}

/** @param {Note} note */
function read_text({ text }) {
  const [name, size, root, end, ...more] = text.split("\n");
  const read = { name, size: Number(size), root: from_base64(root ?? "") };
  const is_whole = end === "" && more.length === 0 && SIZE.test(size) && is_integer(read.size, 1);
  if (!is_whole || read.root.length !== HASH_LENGTH) throw new Talk2meError("key_log_invalid");
  return read;
}

/**
 * Makes a note again of what a message said of it.
 * @param {{ size: number, root: Uint8Array, signature: Uint8Array }} parts
 * @param {Log} log
 * @returns {Promise<Checkpoint | null>} null when this log has not signed it
 */
export async function checkpoint_from_parts({ size, root, signature }, { name, key }) {
  if (!is_integer(size, 1) || !is_bytes(root, HASH_LENGTH) || !is_bytes(signature, SIGNATURE_LENGTH)) return null;
  const vkey = make_vkey(name, TYPES.ed25519, key);
  const text = checkpoint_text({ name, size, root });
  const lines = [{ name, id: vkey.id, signature }];
  return (await verify_note({ text, lines }, vkey)) ? { size, root, signature, note: write_note(text, lines) } : null;
}

/**
 * @param {{ name: string, size: number, root: Uint8Array }} checkpoint
 * @returns {string} what is signed of it
 */
export function checkpoint_text({ name, size, root }) {
  return `${name}\n${size}\n${to_base64(root)}\n`;
}

/**
 * Which of the witnesses that are asked for have seen a checkpoint.
 * @param {string} note of a checkpoint that was verified
 * @param {Vkey[]} witnesses
 * @returns {Promise<{ name: string, time: number }[]>} unix ms; each key counts once, under whatever names it is listed
 * @throws {Talk2meError} `key_log_invalid` when it is no note
 */
export async function cosigned_by(note, witnesses) {
  const parsed = parse_note(note);
  /** @type {Map<string, { name: string, time: number }>} */
  const seen = new Map();
  for (const witness of witnesses) {
    const time = await verify_cosignature(parsed, witness);
    if (time !== null) seen.set(to_base64(witness.key), { name: witness.name, time });
  }
  return [...seen.values()];
}
