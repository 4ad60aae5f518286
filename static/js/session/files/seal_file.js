// @ts-check
// Seals a file into this browser's store, piece by piece; it is never in memory as a whole.
import { concat } from "../../codec/bytes.js";
import { to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { CHUNK_LENGTH, derive_file, FileSealer } from "../../protocol/file_sealing.js";
import { forget_upload, PART_LENGTH, put_parts, upload_id } from "./stored_parts.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Device } from "../device.js" */
/** @import { Upload } from "./stored_parts.js" */
/** @typedef {{ id: Bytes, key: Bytes, digest: Bytes }} Sealed */

// About a part at once.
const CHUNKS_AT_ONCE = 16;

/** @type {WeakMap<Device, Set<string>>} those that this page has begun with; others that are marked as `sealing` a page has left */
const begun = new WeakMap();

/**
 * @param {Device} device
 * @param {Blob} blob
 * @returns {Promise<Sealed>} its bytes are stored, with an upload that is still marked as `sealing`
 * @throws {Talk2meError} `file_unreadable`, `storage_full`
 */
export async function seal_file(device, blob) {
  const [id, key] = [device.random(16), device.random(32)];
  const file = await derive_file({ key, id, size: blob.size });
  /** @type {Upload} */
  const upload = { id: to_base64url(id), conversation: "", message: "", stored: file.stored, sealing: true };
  begun.set(device, (begun.get(device) ?? new Set()).add(upload.id));
  try {
    await device.store.transaction((changes) => changes.put("files", upload_id(upload.id), upload));
    return { id, key, digest: await seal_parts(device, upload.id, new FileSealer(file), blob) };
  } catch (error) {
    await device.store.transaction((changes) => forget_upload(changes, upload)).catch(() => undefined);
    throw error;
  }
}

/** Whether a page ended before it was done. @param {Device} device @param {Upload} upload */
export function is_left(device, { id, sealing }) {
  return Boolean(sealing) && !begun.get(device)?.has(id);
}

/** @param {Device} device @param {string} id @param {FileSealer} sealer @param {Blob} blob @returns {Promise<Bytes>} the digest */
async function seal_parts(device, id, sealer, blob) {
  const { chunks } = sealer.file;
  let waiting = new Uint8Array(0);
  let number = 0;
  /** @type {Promise<void> | undefined} of what was sealed before: it is stored while the next is sealed */
  let storing;
  for (let index = 0; index < chunks; index += CHUNKS_AT_ONCE) {
    const end = Math.min(chunks, index + CHUNKS_AT_ONCE);
    const [sealed] = await Promise.all([seal_next(sealer, blob, index, end), storing]);
    waiting = concat(waiting, sealed);
    const ready = end === chunks ? waiting.length : waiting.length - (waiting.length % PART_LENGTH);
    storing = put_parts(device, id, number, cut(waiting.subarray(0, ready)));
    number += ready / PART_LENGTH;
    waiting = waiting.slice(ready);
  }
  await storing;
  return sealer.end();
}

/** @param {FileSealer} sealer @param {Blob} blob @param {number} from @param {number} to chunks, `to` not among them */
async function seal_next(sealer, blob, from, to) {
  return sealer.seal(await read_slice(blob, from * CHUNK_LENGTH, to * CHUNK_LENGTH), to - from);
}

/** @param {Bytes} sealed @returns {Bytes[]} as long as parts are, the last one perhaps shorter */
function cut(sealed) {
  return Array.from({ length: Math.ceil(sealed.length / PART_LENGTH) }, (_, at) => sealed.slice(at * PART_LENGTH, (at + 1) * PART_LENGTH));
}

/** @param {Blob} blob @param {number} from @param {number} to */
async function read_slice(blob, from, to) {
  try {
    return new Uint8Array(await blob.slice(from, to).arrayBuffer());
  } catch {
    // It was deleted or changed since it was chosen.
    throw new Talk2meError("file_unreadable");
  }
}
