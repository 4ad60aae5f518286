// @ts-check
// docs/protocol.md 15: a file as it lies on the server, in chunks that each prove their place, after the STREAM construction
// (Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015).
import { concat, equal, u32, u64 } from "../codec/bytes.js";
import { padded_length } from "../codec/padme.js";
import { import_aes_key, open, seal, TAG_LENGTH } from "../crypto/aead.js";
import { sha256 } from "../crypto/hash.js";
import { hkdf_sha256 } from "../crypto/hkdf.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */
/**
 * @typedef {{ size: number, padded: number, chunks: number, stored: number }} Layout `size`: of the plain file; `stored`: of all that
 *   lies on the server
 * @typedef {Layout & { key: CryptoKey, prefix: Bytes, commitment: Bytes, data: Bytes }} SealedFile what follows from a file's key and id
 */

/** Bytes of the plain file in one chunk. */
export const CHUNK_LENGTH = 65_536;
/** Before the first chunk: what shows that there is one key only that opens what follows. */
export const HEAD_LENGTH = 32;
const PREFIX_LENGTH = 7;
const LEAST = 256;

/** @param {number} size of the plain file @returns {Layout} @throws {Talk2meError} `encoding_invalid` from 2^31 bytes on */
export function file_layout(size) {
  const padded = padded_length(size, LEAST);
  const chunks = Math.ceil(padded / CHUNK_LENGTH);
  return { size, padded, chunks, stored: HEAD_LENGTH + padded + chunks * TAG_LENGTH };
}

/** @param {Layout} layout @param {number} index of a chunk, or their number @returns {number} where it begins in what is stored */
export function stored_offset({ stored }, index) {
  return index === 0 ? 0 : Math.min(stored, HEAD_LENGTH + index * (CHUNK_LENGTH + TAG_LENGTH));
}

/**
 * @param {{ key: Uint8Array, id: Uint8Array, size: number }} file `key`: 32 bytes for this file alone; `id`: of the attachment
 * @returns {Promise<SealedFile>}
 */
export async function derive_file({ key, id, size }) {
  const layout = file_layout(size);
  const [secret, commitment] = await Promise.all([
    hkdf_sha256(key, id, label("file"), 32 + PREFIX_LENGTH),
    hkdf_sha256(key, id, label("file commitment"), HEAD_LENGTH),
  ]);
  return {
    ...layout,
    key: await import_aes_key(secret.subarray(0, 32)),
    prefix: secret.slice(32),
    commitment,
    data: concat(label("file chunk"), id, u64(layout.padded)),
  };
}

/** @param {SealedFile} file @param {number} index @param {Uint8Array} plain this chunk of the file, empty behind its end @returns {Promise<Bytes>} */
export async function seal_chunk(file, index, plain) {
  const { from, to, length } = chunk_bounds(file, index);
  if (plain.length !== to - from) throw new Talk2meError("encoding_invalid");
  return seal(file.key, nonce_of(file, index), plain.length === length ? plain : zeros_behind(plain, length), file.data);
}

/**
 * Any chunk by itself. It is given out only once it is known to be this one of this file.
 * @param {SealedFile} file
 * @param {number} index
 * @param {Uint8Array} sealed
 * @returns {Promise<Bytes>} without padding
 * @throws {Talk2meError} `file_damaged`
 */
export async function open_chunk(file, index, sealed) {
  const { from, to, length } = chunk_bounds(file, index);
  if (sealed.length !== length + TAG_LENGTH) throw new Talk2meError("file_damaged");
  const padded = await open(file.key, nonce_of(file, index), sealed, file.data).catch(() => {
    throw new Talk2meError("file_damaged");
  });
  if (padded.subarray(to - from).some((byte) => byte !== 0)) throw new Talk2meError("file_damaged");
  return to - from === length ? padded : padded.slice(0, to - from);
}

/**
 * What a message names a file by: of digests of its chunks, so that each can be made as soon as the chunk is there, beside others.
 * @param {{ commitment: Uint8Array }} file
 * @param {Uint8Array[]} digests SHA-256 of each sealed chunk, in their order; `size` says how many there are
 * @returns {Promise<Bytes>}
 */
export function file_digest({ commitment }, digests) {
  return sha256(commitment, ...digests);
}

/** Seals a file from its beginning to its end. */
export class FileSealer {
  /** @type {Bytes[]} of the chunks so far */
  #digests = [];

  /** @param {SealedFile} file */
  constructor(file) {
    this.file = file;
  }

  /** @param {Uint8Array} plain the next chunks, sealed side by side @param {number} [count] of them @returns {Promise<Bytes>} the next bytes to be stored */
  async seal(plain, count = 1) {
    const first = this.#digests.length;
    const chunks = Array.from({ length: count }, (_, at) => plain.subarray(at * CHUNK_LENGTH, at === count - 1 ? undefined : (at + 1) * CHUNK_LENGTH));
    const sealed = await Promise.all(chunks.map((chunk, at) => seal_chunk(this.file, first + at, chunk)));
    this.#digests.push(...(await Promise.all(sealed.map((chunk) => sha256(chunk)))));
    return concat(...(first === 0 ? [this.file.commitment] : []), ...sealed);
  }

  /** @returns {Promise<Bytes>} the digest of all that is stored */
  async end() {
    if (this.#digests.length !== this.file.chunks) throw new Talk2meError("encoding_invalid");
    return file_digest(this.file, this.#digests);
  }
}

/** Opens what is stored from its beginning to its end. After an error nothing of it can be used any more. */
export class FileOpener {
  /** @type {Bytes[]} of the chunks so far */
  #digests = [];

  /** @param {SealedFile} file @param {Uint8Array} digest as the message has it */
  constructor(file, digest) {
    this.file = file;
    this.digest = digest;
  }

  /** The chunk that comes next. */
  get next() {
    return this.#digests.length;
  }

  get ended() {
    return this.next === this.file.chunks;
  }

  /**
   * @param {Uint8Array} stored the next whole chunks, the first with what stands before it
   * @returns {Promise<Bytes[]>} the plain bytes of each
   * @throws {Talk2meError} `file_damaged`
   */
  async take(stored) {
    const { file } = this;
    const begin = stored_offset(file, this.next);
    let at = this.next === 0 ? this.#take_head(stored) : 0;
    /** @type {Uint8Array[]} */
    const sealed = [];
    while (at < stored.length) {
      const end = stored_offset(file, this.next + sealed.length + 1) - begin;
      if (end <= at) throw new Talk2meError("file_damaged");
      sealed.push(stored.subarray(at, end));
      at = end;
    }
    // Whoever asks for more until all of it is there must not ask for ever.
    if (sealed.length === 0) throw new Talk2meError("file_damaged");
    const first = this.next;
    const plain = await Promise.all(sealed.map((chunk, index) => open_chunk(file, first + index, chunk)));
    this.#digests.push(...(await Promise.all(sealed.map((chunk) => sha256(chunk)))));
    return plain;
  }

  /** @throws {Talk2meError} `file_damaged` unless all of it came, and it is what the message speaks of */
  async end() {
    if (!this.ended || !equal(await file_digest(this.file, this.#digests), this.digest)) throw new Talk2meError("file_damaged");
  }

  /** @param {Uint8Array} stored */
  #take_head(stored) {
    const head = stored.subarray(0, HEAD_LENGTH);
    if (!equal(head, this.file.commitment)) throw new Talk2meError("file_damaged");
    return HEAD_LENGTH;
  }
}

/** @param {Uint8Array} plain @param {number} length @returns {Bytes} */
function zeros_behind(plain, length) {
  const padded = new Uint8Array(length);
  padded.set(plain);
  return padded;
}

/** @param {Layout} layout @param {number} index */
function chunk_bounds({ size, padded, chunks }, index) {
  if (index >= chunks) throw new Talk2meError("file_damaged");
  const from = Math.min(size, index * CHUNK_LENGTH);
  const length = Math.min(CHUNK_LENGTH, padded - index * CHUNK_LENGTH);
  return { from, to: Math.min(size, (index + 1) * CHUNK_LENGTH), length };
}

/** Each is used once: a key seals one file. @param {SealedFile} file @param {number} index */
function nonce_of({ prefix, chunks }, index) {
  return concat(prefix, u32(index), Uint8Array.of(index === chunks - 1 ? 1 : 0));
}
