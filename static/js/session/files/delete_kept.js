// @ts-check
// Kept files are deleted by what the server has, and not by their messages: the browser that kept them may be lost or erased.
import { from_base64url } from "../../codec/base64url.js";
import { is_list } from "../../codec/fields.js";
import { Talk2meError } from "../../errors.js";

/** @import { Device } from "../device.js" */

// So many the server tells of at once.
const MOST = 1000;

/**
 * Where one of them is shown in a message, it says that it is gone once somebody asks for it.
 * @param {Device} device
 * @param {{ ids: string[] }} wish as `known_of_account` has them
 * @throws {Talk2meError} `bad_request`, and what the transport throws; those before it are deleted then
 */
export async function delete_kept(device, { ids }) {
  if (!is_list(ids, MOST, is_id)) throw new Talk2meError("bad_request");
  for (const id of ids) await device.api.delete_attachment(id);
}

/** @param {unknown} value @returns {value is string} */
function is_id(value) {
  try {
    return typeof value === "string" && from_base64url(value).length === 16;
  } catch {
    return false;
  }
}
