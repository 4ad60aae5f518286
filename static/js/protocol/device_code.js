// @ts-check
// docs/protocol.md 6: what two people, or one with two screens, compare to know that a device is the one they mean.
import { concat } from "../codec/bytes.js";
import { label } from "./labels.js";
import { fingerprint_groups } from "./safety_number.js";

/**
 * Takes about a quarter of a second: compute it once and keep it.
 * @param {Uint8Array} account
 * @param {Uint8Array} device_id
 * @param {Uint8Array} signature_key
 * @param {Uint8Array} sign_in_key
 * @returns {Promise<string>} six groups of five digits with spaces
 */
export async function device_code(account, device_id, signature_key, sign_in_key) {
  return fingerprint_groups(concat(signature_key, sign_in_key), concat(label("device code"), account, device_id));
}
