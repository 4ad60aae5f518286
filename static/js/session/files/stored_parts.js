// @ts-check
// The sealed bytes of a file that is not whole on the server yet: in this browser's store, so that a reload costs nothing.
import { concat } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { sortable } from "../records.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { FileRecord } from "../records.js" */
/**
 * @typedef {{ id: string, conversation: string, message: string, stored: number, sealing?: true, failed?: string,
 *   keeps?: { id: string, file: FileRecord }, history?: string, expires_in?: number }} Upload `message`: the content id of the one that shows it, empty while it is `sealing`;
 *   `stored`: all bytes; `failed`: the code of why; `keeps`: the file that it stands for once it is there, and as what; `history`: no message
 *   shows it, it is of past messages that are given (session/groups/give_history.js); `expires_in`: seconds, for the server
 */

/** Bytes of one part here. */
export const PART_LENGTH = 1_048_576;
export const UPLOADS = "u/";

/** @param {string} id */
export const upload_id = (id) => `${UPLOADS}${id}`;
/** @param {string} id @param {number} number */
const part_id = (id, number) => `p/${id}/${sortable(number)}`;

/** The id that the message shows. @param {Upload} upload */
export const shown_id = ({ id, keeps }) => keeps?.id ?? id;

/** @param {Device} device @returns {Promise<Upload[]>} */
export async function all_uploads(device) {
  return (await device.store.list("files", { prefix: UPLOADS })).map(({ value }) => value);
}

/** @param {Device} device @param {string} id @param {number} first @param {Bytes[]} parts from the `first` on */
export async function put_parts(device, id, first, parts) {
  await device.store.transaction((changes) => parts.forEach((bytes, at) => changes.put("files", part_id(id, first + at), { bytes })));
}

/**
 * @param {Device} device
 * @param {Upload} upload
 * @param {number} from
 * @param {number} to not in it
 * @returns {Promise<Bytes>} of what is stored
 * @throws {Talk2meError} `file_cancelled` when it was taken back meanwhile
 */
export async function read_parts(device, { id, stored }, from, to) {
  const first = Math.floor(from / PART_LENGTH);
  const last = Math.ceil(Math.min(to, stored) / PART_LENGTH);
  const ids = Array.from({ length: last - first }, (_, at) => part_id(id, first + at));
  const parts = await device.store.get_many("files", ids);
  if (parts.includes(undefined)) throw new Talk2meError("file_cancelled");
  const begin = first * PART_LENGTH;
  return concat(...parts.map(({ bytes }) => bytes)).slice(from - begin, to - begin);
}

/** @param {Changes} changes @param {Upload} upload */
export function forget_upload(changes, { id, stored }) {
  changes.delete("files", upload_id(id));
  for (let number = 0; number * PART_LENGTH < stored; number += 1) changes.delete("files", part_id(id, number));
}
