// @ts-check
// docs/protocol.md 5: the account with its history as one encrypted file, written and read in chunks so that its size
// does not matter. The chunks are a STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015): index and a final flag in the nonce.
import { concat, read_u32, u32 } from "../codec/bytes.js";
import { pack, unpack } from "../codec/msgpack.js";
import { NONCE_LENGTH, open, seal, TAG_LENGTH } from "../crypto/aead.js";
import { Talk2meError } from "../errors.js";
import { file_data, file_key, PREFIX_LENGTH, read_header, SALT_LENGTH, write_header } from "./account_file_header.js";
import { derive_recovery } from "./recovery_key.js";
import { is_vault_contents } from "./vault_contents.js";
import { is_vault_contents_1, upgrade_contents } from "./vault_contents_1.js";
import { unwrap_vault_key } from "./vault_wraps.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { AccountFileHeader } from "./account_file_header.js" */
/** @import { VaultContents } from "./vault_contents.js" */
/** @import { Wrap } from "./vault_wraps.js" */
/**
 * @typedef {{ type: "vault", contents: VaultContents } | ({ type: "conversation" | "message" } & Record<string, unknown>)}
 *   FileRecord the vault first, then the others
 */
/** @typedef {(progress: { done: number, total: number }) => void} OnProgress bytes of the file */

const CHUNK = 65_536;
const SEALED_CHUNK = CHUNK + TAG_LENGTH;
const MOST_RECORD = 4 * 1024 * 1024;
const OTHER_TYPES = ["conversation", "message"];

/**
 * @param {{ account: Uint8Array, username: string, origin: string, wrap: Wrap, vault_key: Uint8Array, now: number,
 *   random: (length: number) => Bytes, records: AsyncIterable<FileRecord> | Iterable<FileRecord> }} file
 * @returns {AsyncGenerator<Bytes, void>} the file's bytes, piece by piece
 * @throws {Talk2meError} `file_invalid` when the records are not in their order
 */
export async function* write_account_file({ account, username, origin, wrap, vault_key, now, random, records }) {
  /** @type {AccountFileHeader} */
  const header = {
    account: concat(account),
    username,
    origin,
    created: now,
    salt: random(SALT_LENGTH),
    prefix: random(PREFIX_LENGTH),
    wrap,
  };
  const { start, packed } = write_header(header);
  const key = await file_key(vault_key, header);
  const data = await file_data(packed);
  yield start;
  let index = 0;
  for await (const { plain, is_final } of cut(in_order(records))) {
    yield await seal(key, chunk_nonce(header, index, is_final), plain, data);
    index += 1;
  }
}

/**
 * Joins the records and cuts them into chunks.
 * @param {AsyncIterable<FileRecord>} records
 * @returns {AsyncGenerator<{ plain: Bytes, is_final: boolean }, void>}
 */
async function* cut(records) {
  /** @type {Bytes[]} */
  let waiting = [];
  let size = 0;
  for await (const record of records) {
    const bytes = pack(record);
    if (bytes.length > MOST_RECORD) throw new Talk2meError("too_large");
    waiting.push(u32(bytes.length), bytes);
    size += 4 + bytes.length;
    // A full chunk waits until more follows: only then is it known not to be the last.
    if (size <= CHUNK) continue;
    const joined = concat(...waiting);
    let at = 0;
    for (; size - at > CHUNK; at += CHUNK) yield { plain: joined.slice(at, at + CHUNK), is_final: false };
    waiting = [joined.slice(at)];
    size -= at;
  }
  yield { plain: concat(...waiting), is_final: true };
}

/**
 * Opens a file with the recovery key.
 * @param {Blob} file
 * @param {Uint8Array} recovery_key 16 bytes
 * @returns {Promise<{ header: AccountFileHeader, vault_key: Bytes }>} `header` is not to be believed before the records are read
 * @throws {Talk2meError} `file_invalid`; `recovery_key_wrong`
 */
export async function open_account_file(file, recovery_key) {
  const { header } = await read_header(file);
  const { account, wrap } = header;
  const opener = { recovery: await derive_recovery(recovery_key, account) };
  return { header, vault_key: await unwrap_vault_key({ wraps: [wrap], account, opener }) };
}

/**
 * Reads the records of a file. The end is reached only when the whole file was there and unchanged: keep what comes out aside
 * until then.
 * @param {Blob} file
 * @param {Uint8Array} vault_key
 * @param {OnProgress} [on_progress]
 * @returns {AsyncGenerator<FileRecord, void>} the vault first
 * @throws {Talk2meError} `file_invalid`
 */
export async function* read_account_file(file, vault_key, on_progress = () => {}) {
  yield* in_order(upgrade(read_records(open_chunks(file, vault_key, on_progress))));
}

/**
 * Files of before 0.4 hold the contents of vaults of that time.
 * @param {AsyncIterable<unknown>} records
 * @returns {AsyncGenerator<unknown, void>}
 */
async function* upgrade(records) {
  for await (const record of records) {
    const { type, contents } = Object(record);
    const is_of_before = type === "vault" && is_vault_contents_1(contents);
    yield is_of_before ? { .../** @type {object} */ (record), contents: await upgrade_contents(contents) } : record;
  }
}

/**
 * @param {Blob} file
 * @param {Uint8Array} vault_key
 * @param {OnProgress} on_progress
 * @returns {AsyncGenerator<Bytes, void>}
 */
async function* open_chunks(file, vault_key, on_progress) {
  const { header, packed, length } = await read_header(file);
  const key = await file_key(vault_key, header);
  const data = await file_data(packed);
  let index = 0;
  for (let at = length; at < file.size || index === 0; at += SEALED_CHUNK, index += 1) {
    const end = Math.min(at + SEALED_CHUNK, file.size);
    const sealed = new Uint8Array(await file.slice(at, end).arrayBuffer());
    // An empty chunk holds no record, so a last one of that kind would be bytes that mean nothing.
    if (sealed.length <= TAG_LENGTH) throw new Talk2meError("file_invalid");
    yield await open_or_refuse(key, chunk_nonce(header, index, end === file.size), sealed, data);
    on_progress({ done: end, total: file.size });
  }
}

/**
 * @param {AsyncIterable<Bytes>} chunks
 * @returns {AsyncGenerator<unknown, void>}
 */
async function* read_records(chunks) {
  let waiting = new Uint8Array(0);
  for await (const chunk of chunks) {
    waiting = concat(waiting, chunk);
    let at = 0;
    while (waiting.length - at >= 4) {
      const length = read_u32(waiting, at);
      if (length > MOST_RECORD) throw new Talk2meError("file_invalid");
      if (waiting.length - at < 4 + length) break;
      yield unpack_or_refuse(waiting.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    waiting = waiting.slice(at);
  }
  if (waiting.length > 0) throw new Talk2meError("file_invalid");
}

/**
 * @param {AsyncIterable<unknown> | Iterable<unknown>} records
 * @returns {AsyncGenerator<FileRecord, void>}
 */
async function* in_order(records) {
  let is_first = true;
  for await (const record of records) {
    if (is_first ? !is_vault_record(record) : !is_other_record(record)) throw new Talk2meError("file_invalid");
    is_first = false;
    yield /** @type {FileRecord} */ (record);
  }
  if (is_first) throw new Talk2meError("file_invalid");
}

/** @param {unknown} record */
function is_vault_record(record) {
  const { type, contents, ...more } = Object(record);
  return type === "vault" && is_vault_contents(contents) && Object.keys(more).length === 0;
}

/** @param {unknown} record */
function is_other_record(record) {
  return OTHER_TYPES.includes(Object(record).type);
}

/**
 * @param {AccountFileHeader} header
 * @param {number} index
 * @param {boolean} is_final
 * @returns {Bytes}
 */
function chunk_nonce({ prefix }, index, is_final) {
  const nonce = concat(prefix, u32(index), Uint8Array.of(is_final ? 1 : 0));
  if (nonce.length !== NONCE_LENGTH) throw new Talk2meError("file_invalid");
  return nonce;
}

/** @param {CryptoKey} key @param {Bytes} nonce @param {Bytes} sealed @param {Bytes} data */
async function open_or_refuse(key, nonce, sealed, data) {
  try {
    return await open(key, nonce, sealed, data);
  } catch {
    throw new Talk2meError("file_invalid");
  }
}

/** @param {Uint8Array} bytes */
function unpack_or_refuse(bytes) {
  try {
    return unpack(bytes);
  } catch {
    throw new Talk2meError("file_invalid");
  }
}
