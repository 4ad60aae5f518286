// @ts-check
// Fetches a file in ranges and opens each chunk as it comes. What was interrupted goes on where it was, as long as the page lives.
import { from_base64url } from "../../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { derive_file, FileOpener, stored_offset } from "../../protocol/file_sealing.js";
import { cache_of, name_of } from "./blob_cache.js";
import { read_parts, upload_id } from "./stored_parts.js";
import { tell_progress } from "./tell_progress.js";
import { as_transfer } from "./transfers.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Device } from "../device.js" */
/** @import { FileRecord } from "../records.js" */
/** @typedef {Pick<FileRecord, "id" | "key" | "digest" | "size">} Stored what is needed of a file to fetch it */
/** @typedef {{ opener: FileOpener, plain: Bytes[], running: Promise<Blob> | null }} Download */

// About a megabyte in one request.
const CHUNKS_AT_ONCE = 16;

/** @type {WeakMap<Device, Map<string, Download>>} */
const downloads = new WeakMap();

/**
 * @param {Device} device
 * @param {Stored} file
 * @returns {Promise<Blob>} of no type: what it is shows in its bytes
 * @throws {Talk2meError} `file_damaged`, `file_expired`, `file_cancelled`, `offline`, ...
 */
export async function download_file(device, file) {
  const name = name_of(file);
  const cached = cache_of(device).get(name);
  if (cached) return cached;
  const begun = downloads.get(device) ?? new Map();
  downloads.set(device, begun);
  const download = begun.get(name) ?? (await begin(file));
  // Another call may have begun it meanwhile.
  const one = begun.get(name) ?? download;
  begun.set(name, one);
  one.running ??= run(device, file, one).finally(() => (one.running = null));
  return one.running;
}

/** @param {Stored} file @returns {Promise<Download>} */
async function begin({ id, key, digest, size }) {
  const layout = await derive_file({ key, id: from_base64url(id), size });
  return { opener: new FileOpener(layout, digest), plain: [], running: null };
}

/** @param {Device} device @param {Stored} file @param {Download} download */
async function run(device, file, download) {
  const { id } = file;
  const name = name_of(file);
  const { stored } = download.opener.file;
  try {
    await as_transfer(device, id, (signal) => take_all(device, id, download, signal));
    await download.opener.end();
  } catch (error) {
    const code = error instanceof Talk2meError ? error.code : "internal";
    const done = stored_offset(download.opener.file, download.opener.next);
    const is_later = code === "file_cancelled" || code === "offline" || code === "timed_out";
    if (!is_later) downloads.get(device)?.delete(name);
    tell_progress(device, { id, state: is_later ? "paused" : "failed", done, total: stored, error: code });
    throw error;
  }
  downloads.get(device)?.delete(name);
  const blob = new Blob(download.plain, { type: "application/octet-stream" });
  cache_of(device).put(name, blob);
  tell_progress(device, { id, state: "done", done: stored, total: stored });
  return blob;
}

/** @param {Device} device @param {string} id @param {Download} download @param {AbortSignal} signal */
async function take_all(device, id, { opener, plain }, signal) {
  const { file } = opener;
  const range_of = (/** @type {number} */ chunk) => ({
    from: stored_offset(file, chunk),
    to: stored_offset(file, Math.min(file.chunks, chunk + CHUNKS_AT_ONCE)),
  });
  let coming = fetch_range(device, id, range_of(opener.next), signal);
  while (!opener.ended) {
    tell_progress(device, { id, state: "downloading", done: stored_offset(file, opener.next), total: file.stored });
    const stored = await coming;
    const following = opener.next + CHUNKS_AT_ONCE;
    // The next range is on its way while this one is opened. Its error waits for its turn: what is here counts.
    if (following < file.chunks) coming = fetch_range(device, id, range_of(following), signal);
    coming.catch(() => undefined);
    plain.push(...(await opener.take(stored)));
    if (signal.aborted) throw new Talk2meError("file_cancelled");
  }
}

/** @param {Device} device @param {string} id @param {{ from: number, to: number }} range @param {AbortSignal} signal @returns {Promise<Bytes>} */
async function fetch_range(device, id, range, signal) {
  // One's own that is still on its way lies here.
  const upload = await device.store.get("files", upload_id(id));
  if (upload) return read_parts(device, upload, range.from, range.to);
  try {
    return await device.api.get_attachment(id, range, signal);
  } catch (error) {
    if (is_talk2me_error(error, "not_found")) throw new Talk2meError("file_expired");
    throw error;
  }
}
