// @ts-check
import { is_text } from "../../codec/fields.js";
import { Talk2meError } from "../../errors.js";

export const MOST_DEVICE_NAME = 64;

/** @param {unknown} name what a person calls a device @returns {string} @throws {Talk2meError} `bad_request` */
export function check_device_name(name) {
  const trimmed = typeof name === "string" ? name.trim() : name;
  if (!is_text(trimmed, 0, MOST_DEVICE_NAME)) throw new Talk2meError("bad_request");
  return trimmed;
}
