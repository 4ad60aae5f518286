// @ts-check
// One entry on its way into the archive.
import { is_bytes } from "../../codec/bytes.js";
import { sha256 } from "../../crypto/hash.js";
import { Talk2meError } from "../../errors.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Device } from "../device.js" */
/** @import { Archive } from "./open_archive.js" */

const NO_COMMITMENT = new Uint8Array(32);

/**
 * @param {Device} device
 * @param {Archive} archive
 * @param {{ id: Bytes, body: Bytes }} entry
 * @returns {Promise<Bytes>} SHA-256 of what is stored under that id: this body's, or that of who was there before
 * @throws {Talk2meError} `mailbox_unknown`, `quota_reached`, `rate_limited`, ...
 */
export async function send_entry(device, { mailbox }, { id, body }) {
  const answer = await device.request({
    type: "envelope.send",
    mailbox,
    id,
    kind: "archive",
    slot: 0,
    body,
    commitment: NO_COMMITMENT,
    expires_in: null,
  });
  if (!answer.duplicate) return sha256(body);
  // A claim that is listed in a link: who reads the archive looks whether it was true.
  if (!is_bytes(answer.hash, 32)) throw new Talk2meError("answer_invalid");
  return answer.hash;
}
