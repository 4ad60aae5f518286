// @ts-check
// Brings what is sealed to the server, one file after the other, from where the server is. What can't go now goes with the next
// connection, or after a while.
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { backoff_delay, throw_dice } from "../../transport/backoff.js";
import { is_giving } from "../groups/note_giving.js";
import { find_message } from "../messages/find_message.js";
import { forget_there } from "./forget_there.js";
import { note_upload_failed, note_uploaded } from "./note_uploaded.js";
import { all_uploads, forget_upload, read_parts, shown_id } from "./stored_parts.js";
import { is_left } from "./seal_file.js";
import { tell_progress } from "./tell_progress.js";
import { as_transfer } from "./transfers.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Code } from "../../errors.js" */
/** @import { Device } from "../device.js" */
/** @import { Upload } from "./stored_parts.js" */

// Nothing is wrong with the file: the same bytes go later.
const LATER = new Set(["offline", "timed_out", "hello_required", "storage_failed", "rate_limited", "internal", "answer_invalid", "offset_wrong"]);
/** @type {Partial<Record<string, Code>>} what a person is told instead of the server's code */
const TOLD = { too_large: "file_too_large", quota_reached: "file_quota_reached" };
const ENDED = new Set(["not_owner", "locked", "account_missing", "device_revoked"]);

// How many parts of a file are in memory on their way out of the store: it takes longer to give one than the server to take it.
const PARTS_READ = 3;

/** @type {WeakMap<Device, number>} how often in a row it could not go */
const attempts = new WeakMap();

/** @param {Device} device @returns {Promise<void>} */
export function upload_files(device) {
  return device.mutexes.run("uploads", async () => {
    await forget_left(device);
    while (device.online) {
      const upload = (await all_uploads(device)).find(({ sealing, failed }) => !sealing && !failed);
      if (!upload || !(await upload_and_note(device, upload))) return;
    }
  });
}

/** A page ended while it sealed them, or what they belong to was deleted: nobody knows of them. @param {Device} device */
async function forget_left(device) {
  const uploads = await all_uploads(device);
  const unknown = await Promise.all(uploads.map(async (upload) => is_left(device, upload) || (!upload.sealing && !(await is_shown(device, upload)))));
  if (!unknown.includes(true)) return;
  await device.store.transaction((changes) => {
    const left = uploads.filter((_, at) => unknown[at]);
    left.forEach((upload) => forget_upload(changes, upload));
    forget_there(changes, device, left.filter(({ sealing }) => !sealing).map(({ id }) => id));
  });
}

/** @param {Device} device @param {Upload} upload */
async function is_shown(device, upload) {
  if (upload.history) return is_giving(device.store, upload.conversation, upload.history);
  const message = await find_message(device.store, upload.conversation, upload.message);
  return Boolean(message?.files?.some(({ id }) => id === shown_id(upload)));
}

/** @param {Device} device @param {Upload} upload @returns {Promise<boolean>} whether the next one can be tried */
async function upload_and_note(device, upload) {
  try {
    const expires = await as_transfer(device, upload.id, (signal) => send_parts(device, upload, signal));
    attempts.delete(device);
    await note_uploaded(device, upload, expires);
    tell_progress(device, { id: shown_id(upload), state: "done", done: upload.stored, total: upload.stored });
    return true;
  } catch (error) {
    const code = error instanceof Talk2meError ? error.code : "internal";
    if (device.closed || ENDED.has(code)) return false;
    if (code === "file_cancelled") return true;
    if (!(error instanceof Talk2meError)) throw error;
    if (LATER.has(code)) return pause(device, upload, error);
    await note_upload_failed(device, upload, TOLD[code] ?? "upload_refused");
    return true;
  }
}

/** @param {Device} device @param {Upload} upload @param {Talk2meError} error */
function pause(device, upload, error) {
  const attempt = attempts.get(device) ?? 0;
  attempts.set(device, attempt + 1);
  const wait = Math.max(backoff_delay(attempt, throw_dice(device.random)), Number(error.details.retry_after ?? 0) * 1000);
  device.later(wait, () => upload_files(device));
  tell_progress(device, { id: shown_id(upload), state: "paused", done: 0, total: upload.stored, error: error.code });
  return false;
}

/**
 * @param {Device} device
 * @param {Upload} upload
 * @param {AbortSignal} signal
 * @returns {Promise<number | null>} when the server forgets it
 */
async function send_parts(device, upload, signal) {
  const { stored } = upload;
  const { part, offset: begin, expires } = await begin_there(device, upload);
  /** @type {Map<number, Promise<Bytes>>} by offset: the next parts are read while one is on its way */
  const read = new Map();
  let offset = begin;
  while (offset < stored) {
    tell_progress(device, { id: shown_id(upload), state: "uploading", done: offset, total: stored });
    for (let from = offset; from < Math.min(stored, offset + PARTS_READ * part); from += part) {
      if (read.has(from)) continue;
      const reading = read_parts(device, upload, from, Math.min(stored, from + part));
      // An error waits for its turn.
      reading.catch(() => undefined);
      read.set(from, reading);
    }
    const octets = await /** @type {Promise<Bytes>} */ (read.get(offset));
    read.delete(offset);
    if (signal.aborted) throw new Talk2meError("file_cancelled");
    const next = await put_part(device, upload, offset, octets, signal);
    if (next <= offset) throw new Talk2meError("answer_invalid");
    offset = next;
  }
  return expires;
}

/** @returns {Promise<number>} where the server is now */
async function put_part(/** @type {Device} */ device, /** @type {Upload} */ upload, /** @type {number} */ offset, /** @type {Bytes} */ octets, /** @type {AbortSignal} */ signal) {
  try {
    return (await device.api.put_attachment(upload.id, offset, octets, signal)).offset;
  } catch (error) {
    if (!is_talk2me_error(error, "offset_wrong")) throw error;
    // The answer to an earlier part was lost, or another page of this browser was faster.
    return (await begin_there(device, upload)).offset;
  }
}

/** Again and again, if need be: the server says where it is. @param {Device} device @param {Upload} upload */
function begin_there(device, { id, stored, keeps, expires_in }) {
  return device.api.begin_attachment({ id, size: stored, ...(keeps ? { keep: true } : {}), ...(expires_in ? { expires_in } : {}) });
}
