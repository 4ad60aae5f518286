// @ts-check
import { is_integer } from "../../codec/fields.js";
import { Talk2meError } from "../../errors.js";
import { file_layout } from "../../protocol/file_sealing.js";

/** @import { Device } from "../device.js" */

// PADME counts no further.
const MOST_EVER = 2 ** 31 - 1;

/** @type {WeakMap<Device, number>} bytes that the server takes of one, where it was asked */
const limits = new WeakMap();

/** @param {Device} device @param {Blob[]} blobs @throws {Talk2meError} `file_too_large` */
export async function check_sizes(device, blobs) {
  const limit = limits.get(device) ?? (await ask_limit(device));
  const fits = blobs.every(({ size }) => size <= MOST_EVER && file_layout(size).stored <= limit);
  if (!fits) throw new Talk2meError("file_too_large", { limit });
}

/** Without a connection nothing is known: the upload finds it out. @param {Device} device @returns {Promise<number>} */
async function ask_limit(device) {
  if (!device.online) return MOST_EVER;
  const server = await device.api.server().catch(() => null);
  const limit = server?.limits?.attachment;
  if (!is_integer(limit, 1)) return MOST_EVER;
  limits.set(device, limit);
  return limit;
}
