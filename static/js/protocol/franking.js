// @ts-check
// docs/protocol.md 8: the sender commits to a content without showing it (Grubbs, Lu, Ristenpart, "Message Franking via
// Committing Authenticated Encryption", 2017), so that a recipient can later prove to an operator what was sent.
import { equal } from "../codec/bytes.js";
import { hmac_sha256 } from "../crypto/hash.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */

export const OPENING_LENGTH = 32;

/**
 * @param {Uint8Array} opening 32 random bytes, new for each content
 * @param {Uint8Array} mailbox
 * @param {Uint8Array} content its exact bytes
 * @returns {Promise<Bytes>} 32 bytes
 */
export async function make_commitment(opening, mailbox, content) {
  return hmac_sha256(opening, label("franking"), mailbox, content);
}

/**
 * @param {Uint8Array} commitment
 * @param {Uint8Array} opening
 * @param {Uint8Array} mailbox
 * @param {Uint8Array} content
 * @returns {Promise<boolean>}
 */
export async function commitment_holds(commitment, opening, mailbox, content) {
  return equal(commitment, await make_commitment(opening, mailbox, content));
}
