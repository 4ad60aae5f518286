// @ts-check
import { compare } from "../codec/bytes.js";
import { from_base64url } from "../codec/base64url.js";

/**
 * Of two groups for one pair both browsers choose the same: the one with the lower id. Base64url sorts otherwise than bytes do.
 * @param {string[]} mailboxes
 * @returns {string | undefined}
 */
export function choose_mailbox(mailboxes) {
  return [...mailboxes].sort((a, b) => compare(from_base64url(a), from_base64url(b)))[0];
}
