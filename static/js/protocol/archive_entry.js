// @ts-check
// docs/protocol.md 12: one envelope of an archive, sealed to its account, its mailbox, its id and the key's generation.
import { concat, read_u32, u32 } from "../codec/bytes.js";
import { pack, unpack } from "../codec/msgpack.js";
import { pad_with_length, unpad_with_length } from "../codec/padme.js";
import { NONCE_LENGTH, open, seal, TAG_LENGTH } from "../crypto/aead.js";
import { Talk2meError } from "../errors.js";
import { read_entry } from "./archive_schema.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { ArchiveKeys } from "./archive_keys.js" */
/** @import { Entry } from "./archive_schema.js" */

const VERSION = 1;
const HEADER = 5;
const LEAST = 256;

/**
 * @param {ArchiveKeys} keys
 * @param {{ mailbox: Uint8Array, id: Uint8Array }} where
 * @param {Entry} entry
 * @param {(length: number) => Bytes} random
 * @returns {Promise<Bytes>} the envelope's body
 */
export async function seal_entry(keys, where, { type, body }, random) {
  const nonce = random(NONCE_LENGTH);
  const plain = pad_with_length(pack({ v: 1, type, body }), LEAST);
  const sealed = await seal(keys.entry_key, nonce, plain, bound_to(keys, where));
  return concat(Uint8Array.of(VERSION), u32(keys.generation), nonce, sealed);
}

/**
 * @param {Uint8Array} body
 * @returns {number} the generation of the key that opens it
 * @throws {Talk2meError} `encoding_invalid`
 */
export function entry_generation(body) {
  if (body.length < HEADER + NONCE_LENGTH + TAG_LENGTH || body[0] !== VERSION) throw new Talk2meError("encoding_invalid");
  return read_u32(body, 1);
}

/**
 * @param {ArchiveKeys} keys of the generation that the body names
 * @param {{ mailbox: Uint8Array, id: Uint8Array }} where the server says that it lies
 * @param {Uint8Array} body
 * @returns {Promise<Entry | null>} null for a type that this release does not know
 * @throws {Talk2meError} `not_decryptable`, `encoding_invalid`
 */
export async function open_entry(keys, where, body) {
  if (entry_generation(body) !== keys.generation) throw new Talk2meError("not_decryptable");
  const [nonce, sealed] = [body.slice(HEADER, HEADER + NONCE_LENGTH), body.slice(HEADER + NONCE_LENGTH)];
  const plain = await open(keys.entry_key, nonce, sealed, bound_to(keys, where));
  const entry = read_entry(unpack(unpad_with_length(plain, LEAST)));
  if (entry === undefined) throw new Talk2meError("encoding_invalid");
  return entry;
}

/** @param {ArchiveKeys} keys @param {{ mailbox: Uint8Array, id: Uint8Array }} where */
function bound_to({ account, generation }, { mailbox, id }) {
  return concat(label("archive entry"), account, mailbox, id, u32(generation));
}
