// @ts-check
// What was sent while this device joined, with keys of before that it never had: its account's other devices read it and archive it.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { equal } from "../../codec/bytes.js";
import { is_talk2me_error } from "../../errors.js";
import { describe } from "../../protocol/mls.js";
import { is_archive_on } from "./archive_state.js";

/** @import { EnvelopeBatch } from "../envelope_batch.js" */
/** @import { Envelope } from "../read_envelopes.js" */

// A message may name a slot so much older than the present one (docs/wire_format.md).
const OLDEST_SLOT = 2;

/**
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope that could not be opened
 * @param {unknown} error
 * @returns {Promise<boolean>} whether it comes out of the archive, so that nobody has to be told
 */
export async function is_left_to_archive({ device, cursor, conversation, group }, { kind, slot }, error) {
  if (kind !== "application" || !is_talk2me_error(error, "not_decryptable") || error.details.reason !== "epoch_gone") return false;
  if (cursor.joined === undefined || slot >= cursor.joined + OLDEST_SLOT) return false;
  if (conversation?.archive === false || !(await is_archive_on(device.store))) return false;
  const account = from_base64url(device.own.account);
  return describe(group).members.some((one) => equal(one.account, account) && to_base64url(one.device) !== device.own.device);
}
