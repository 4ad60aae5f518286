// @ts-check
// docs/protocol.md 7: a link by which somebody can ask to be let into a group. Whose it is stands in it as in an invitation.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/**
 * @typedef {{ account: Bytes, identity_key_hash: Bytes, invitation: Bytes, group: Bytes, token: Bytes }} GroupLink `invitation`: the token of a
 *   personal invitation, for the conversation in which the maker is asked; `token`: what shows that this link was given
 */

const FRAGMENT = /^#?g\/([\w-]+)\.([\w-]+)\.([\w-]+)\.([\w-]+)\.([\w-]+)$/;
const LENGTHS = [16, 32, 16, 16, 16];

/** @param {string} origin @param {GroupLink} link @returns {string} */
export function make_group_link(origin, { account, identity_key_hash, invitation, group, token }) {
  return `${origin}/#g/${[account, identity_key_hash, invitation, group, token].map(to_base64url).join(".")}`;
}

/**
 * @param {string} text what stands behind #, with or without it
 * @returns {GroupLink}
 * @throws {Talk2meError} `invitation_invalid`
 */
export function parse_group_link(text) {
  const parts = read_parts(text);
  if (parts?.length !== LENGTHS.length || !parts.every(({ length }, at) => length === LENGTHS[at])) {
    throw new Talk2meError("invitation_invalid");
  }
  const [account, identity_key_hash, invitation, group, token] = parts;
  return { account, identity_key_hash, invitation, group, token };
}

/** @param {string} text */
function read_parts(text) {
  try {
    return FRAGMENT.exec(text.trim())?.slice(1).map(from_base64url);
  } catch {
    return undefined;
  }
}
