// @ts-check
// Says in other conversations what was said in one. Who said it first stays there.
import { Talk2meError } from "../../errors.js";
import { check_sizes } from "../files/file_limit.js";
import { read_file } from "../files/read_file.js";
import { forget_all, put_upload, seal_given, to_given } from "../files/send_files.js";
import { upload_files } from "../files/upload_files.js";
import { find_message } from "./find_message.js";
import { to_file_body, to_file_record } from "./message_body.js";
import { kept_for, store_own_message, writable } from "./own_message.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Given } from "../files/send_files.js" */
/** @import { FileRecord } from "../records.js" */
/** @typedef {{ conversation: string, id: string }} Which */

const MOST = 32;

/**
 * @param {Device} device
 * @param {Which & { to: string[] }} wish
 * @throws {Talk2meError} `not_found`, `conversation_stopped`; for what is kept as `read_file`: then nowhere
 */
export async function forward_message(device, { conversation: from, id, to }) {
  if (!Array.isArray(to) || to.length === 0 || to.length > MOST) throw new Talk2meError("bad_request");
  const { text = "", files = [] } = await find_text(device.store, from, id);
  if (files.some(({ uploading }) => uploading)) throw new Talk2meError("not_found");
  const kept = await read_kept(device, { conversation: from, id }, files);
  /** @type {FileRecord[]} */
  const copies = [];
  try {
    /** @type {Map<string, FileRecord[]>} by conversation */
    const given = new Map();
    for (const target of to) if (!given.has(target)) given.set(target, await files_for(device, files, kept, copies));
    await device.store.transaction(async (changes) => {
      await find_text(changes, from, id);
      for (const [target, shown] of given) {
        const conversation = await writable(changes, target);
        const own = await store_own_message(changes, device, conversation, { text, files: shown, forwarded: true, held: kept.size > 0 });
        const sent = shown.filter(({ uploading }) => uploading);
        for (const copy of sent) await put_upload(changes, copy, { conversation: target, message: own.id, ...kept_for(own) });
      }
    });
  } catch (error) {
    await forget_all(device, copies);
    throw error;
  }
  if (copies.length > 0) device.background(() => upload_files(device));
}

/** @param {Device["store"] | Changes} store @param {string} conversation @param {string} id */
async function find_text(store, conversation, id) {
  const message = await find_message(store, conversation, id);
  if (message?.type !== "text" || message.deleted) throw new Talk2meError("not_found");
  return message;
}

/**
 * What is kept is there for this account alone and goes when it says so: whom it is forwarded to gets a file of its own.
 * @param {Device} device
 * @param {Which} which
 * @param {FileRecord[]} files
 * @returns {Promise<Map<string, Given>>} by the file's id
 */
async function read_kept(device, which, files) {
  /** @type {Map<string, Given>} */
  const kept = new Map();
  for (const [index, file] of files.entries()) {
    if (!file.kept) continue;
    const { blob } = await read_file(device, { ...which, index });
    kept.set(file.id, to_given(file, blob));
  }
  await check_sizes(device, [...kept.values()].map(({ blob }) => blob));
  return kept;
}

/**
 * @param {Device} device
 * @param {FileRecord[]} files
 * @param {Map<string, Given>} kept
 * @param {FileRecord[]} copies what was sealed anew is noted here at once
 * @returns {Promise<FileRecord[]>}
 */
async function files_for(device, files, kept, copies) {
  const shown = [];
  for (const file of files) {
    const given = kept.get(file.id);
    const copy = given && (await seal_given(device, given));
    if (copy) copies.push(copy);
    shown.push(copy ?? same_file(file));
  }
  return shown;
}

/** What lies on the server is the same. @param {FileRecord} file @returns {FileRecord} */
export function same_file(file) {
  return { ...to_file_record(to_file_body(file)), ...(file.expires === undefined ? {} : { expires: file.expires }) };
}
