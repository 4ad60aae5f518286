// @ts-check
// The start of an account file (docs/protocol.md 5): who it is of, and what its key is made from.
import { concat, equal, is_bytes, read_u32, to_utf8, u32 } from "../codec/bytes.js";
import { has_exactly, is_integer, is_text } from "../codec/fields.js";
import { pack, unpack } from "../codec/msgpack.js";
import { import_aes_key } from "../crypto/aead.js";
import { sha256 } from "../crypto/hash.js";
import { hkdf_sha256 } from "../crypto/hkdf.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";
import { is_wrap, is_wrap_1, upgrade_wrap } from "./vault_wraps.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Wrap, Wrap1 } from "./vault_wraps.js" */
/**
 * @typedef {{ account: Bytes, username: string, origin: string, created: number, salt: Bytes, prefix: Bytes, wrap: Wrap }}
 *   AccountFileHeader `created` in unix ms; nothing of it is to be believed before the first chunk opens
 */

const START = concat(to_utf8("T2MA"), Uint8Array.of(1));
const MOST_BYTES = 4096;

export const SALT_LENGTH = 32;
export const PREFIX_LENGTH = 7;

/**
 * @param {AccountFileHeader} header
 * @returns {{ start: Bytes, packed: Bytes }} the file's first bytes, and that part of them which the chunks are bound to
 */
export function write_header(header) {
  const packed = pack(header);
  return { start: concat(START, u32(packed.length), packed), packed };
}

/**
 * @param {Blob} file
 * @returns {Promise<{ header: AccountFileHeader, packed: Bytes, length: number }>} `length`: where the chunks begin
 * @throws {Talk2meError} `file_invalid`
 */
export async function read_header(file) {
  const fixed = new Uint8Array(await file.slice(0, START.length + 4).arrayBuffer());
  if (fixed.length !== START.length + 4 || !equal(fixed.subarray(0, START.length), START)) {
    throw new Talk2meError("file_invalid");
  }
  const size = read_u32(fixed, START.length);
  const length = fixed.length + size;
  if (size > MOST_BYTES || length > file.size) throw new Talk2meError("file_invalid");
  const packed = new Uint8Array(await file.slice(fixed.length, length).arrayBuffer());
  return { header: read_fields(packed), packed, length };
}

/**
 * @param {Uint8Array} vault_key
 * @param {AccountFileHeader} header
 * @returns {Promise<CryptoKey>}
 */
export async function file_key(vault_key, { salt }) {
  return import_aes_key(await hkdf_sha256(vault_key, salt, label("account file"), 32));
}

/**
 * @param {Uint8Array} packed
 * @returns {Promise<Bytes>} the associated data of every chunk
 */
export async function file_data(packed) {
  return concat(label("account file"), await sha256(packed));
}

/** @param {Uint8Array} packed @returns {AccountFileHeader} */
function read_fields(packed) {
  /** @type {unknown} */
  let value;
  try {
    value = unpack(packed);
  } catch {
    throw new Talk2meError("file_invalid");
  }
  if (!is_header(value)) throw new Talk2meError("file_invalid");
  const { wrap } = value;
  return { ...value, wrap: is_wrap(wrap) ? wrap : upgrade_wrap(wrap) };
}

/** @param {unknown} value @returns {value is Omit<AccountFileHeader, "wrap"> & { wrap: Wrap | Wrap1 }} */
function is_header(value) {
  return (
    has_exactly(value, ["account", "username", "origin", "created", "salt", "prefix", "wrap"]) &&
    is_bytes(value.account, 16) &&
    is_text(value.username, 1, 255) &&
    is_text(value.origin, 1, 255) &&
    is_integer(value.created) &&
    is_bytes(value.salt, SALT_LENGTH) &&
    is_bytes(value.prefix, PREFIX_LENGTH) &&
    (is_recovery_wrap(value.wrap) || is_wrap_1(value.wrap))
  );
}

/** A file is opened with a recovery key, never by a device. @param {unknown} value @returns {value is Wrap} */
const is_recovery_wrap = (value) => is_wrap(value) && value.kind !== "device";
