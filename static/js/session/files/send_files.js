// @ts-check
// Files that a person gives: sealed into this browser's store, shown at once, sent when the server has all of them.
import { to_base64url } from "../../codec/base64url.js";
import { is_list, is_text } from "../../codec/fields.js";
import { Talk2meError } from "../../errors.js";
import { MOST_FILES } from "../../protocol/content_schema.js";
import { is_file } from "../../protocol/file_schema.js";
import { drop_draft } from "../messages/drafts.js";
import { kept_for, store_own_message, writable } from "../messages/own_message.js";
import { cache_of, name_of } from "./blob_cache.js";
import { check_sizes } from "./file_limit.js";
import { seal_file } from "./seal_file.js";
import { forget_upload, upload_id } from "./stored_parts.js";
import { upload_files } from "./upload_files.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { FileRecord } from "../records.js" */
/** @import { FileBody } from "../../protocol/file_schema.js" */
/** @import { Upload } from "./stored_parts.js" */
/**
 * @typedef {{ blob: Blob } & Pick<FileBody, "name" | "media" | "kind" | "width" | "height" | "duration" | "thumbnail">} Given what the
 *   interface knows of a file
 */

/**
 * @param {Device} device
 * @param {{ conversation: string, files: Given[], text?: string, reply?: string, mentions?: string[] }} wish
 * @returns {Promise<{ id: string }>} of the message
 * @throws {Talk2meError} `file_too_large`, `file_unreadable`, `text_invalid`, `conversation_stopped`, `not_found`, `storage_full`
 */
export async function send_files(device, { conversation: id, files, text = "", reply, mentions }) {
  if (!is_list(files, MOST_FILES, is_given) || files.length === 0) throw new Talk2meError("bad_request");
  await check_sizes(device, files.map(({ blob }) => blob));
  /** @type {FileRecord[]} */
  const records = [];
  try {
    for (const given of files) records.push(await seal_given(device, given));
    const message = await device.store.transaction(async (changes) => {
      const conversation = await writable(changes, id);
      const own = await store_own_message(changes, device, conversation, { text, reply, mentions, files: records, held: true });
      await drop_draft(changes, id);
      for (const record of records) await put_upload(changes, record, { conversation: id, message: own.id, ...kept_for(own) });
      return own;
    });
    device.background(() => upload_files(device));
    return { id: message.id };
  } catch (error) {
    await forget_all(device, records);
    throw error;
  }
}

/** @param {Device} device @param {Given} given @returns {Promise<FileRecord>} */
export async function seal_given(device, { blob, ...about }) {
  const { id, key, digest } = await seal_file(device, blob);
  const body = { id, key, digest, size: blob.size, ...about };
  /** @type {FileRecord} */
  const record = { ...body, id: to_base64url(id), uploading: true };
  if (!is_file(body)) {
    await forget_all(device, [record]);
    throw new Talk2meError("bad_request");
  }
  cache_of(device).put(name_of(record), blob);
  return record;
}

/** A file of a message, to be sealed anew. @param {FileRecord} file @param {Blob} blob what is in it @returns {Given} */
export function to_given({ name, media, kind, width, height, duration, thumbnail }, blob) {
  const more = Object.entries({ width, height, duration, thumbnail }).filter(([, value]) => value !== undefined);
  return { blob, name, media, kind, ...Object.fromEntries(more) };
}

/**
 * From now on it is uploaded.
 * @param {Changes} changes
 * @param {{ id: string }} record
 * @param {Pick<Upload, "conversation" | "message" | "keeps" | "history" | "expires_in">} more
 */
export async function put_upload(changes, { id }, more) {
  await changes.update("files", upload_id(id), (/** @type {Upload} */ upload) => {
    Object.assign(upload, more);
    delete upload.sealing;
  });
}

/** @param {Device} device @param {{ id: string }[]} records that no message shows */
export async function forget_all(device, records) {
  await device.store.transaction(async (changes) => {
    for (const { id } of records) {
      const upload = await changes.get("files", upload_id(id));
      if (upload) forget_upload(changes, upload);
    }
  });
}

/** @param {unknown} value @returns {value is Given} the rest is checked with what becomes of it */
function is_given(value) {
  const { blob, name } = /** @type {Record<string, unknown>} */ (value ?? {});
  return blob instanceof Blob && is_text(name, 1, 255);
}
