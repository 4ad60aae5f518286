// @ts-check
import { device_name_of, LONGEST_DEVICE_NAME, suggest_device_name } from "../helpers/device_name.js";

/**
 * Puts a name that fits this browser into the field.
 * @param {HTMLInputElement} input
 * @returns {() => string} the name as it is wanted now
 */
export function fill_device_name(input) {
  input.value = suggest_device_name(navigator.userAgent);
  input.maxLength = LONGEST_DEVICE_NAME;
  return () => device_name_of(input.value, navigator.userAgent);
}
