// @ts-check
// docs/protocol.md 7: a link whose part behind # never reaches a server.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */

const CODE = /^[\w-]{22}$/;
// The last part lets somebody in who has no account yet; who has one does not need it.
const FRAGMENT = /^#?i=([\w-]+)\.([\w-]+)\.([\w-]+)(?:\.[\w-]{22})?$/;

/**
 * @param {string} origin
 * @param {Uint8Array} account
 * @param {Uint8Array} identity_key_hash SHA-256 of the identity key
 * @param {Uint8Array} token 16 bytes
 * @param {string} [registration_code] as the server gave it
 * @returns {string}
 * @throws {Talk2meError} `answer_invalid` for a code of another form
 */
export function make_link(origin, account, identity_key_hash, token, registration_code) {
  if (registration_code !== undefined && !CODE.test(registration_code)) throw new Talk2meError("answer_invalid");
  const parts = [account, identity_key_hash, token].map(to_base64url);
  return `${origin}/#i=${[...parts, ...(registration_code === undefined ? [] : [registration_code])].join(".")}`;
}

/**
 * @param {string} text what stands behind #, with or without it
 * @returns {{ account: Bytes, identity_key_hash: Bytes, token: Bytes }}
 * @throws {Talk2meError} `invitation_invalid`
 */
export function parse_fragment(text) {
  try {
    const [account, identity_key_hash, token] = (FRAGMENT.exec(text.trim()) ?? []).slice(1).map(from_base64url);
    if (account.length === 16 && identity_key_hash.length === 32 && token.length === 16) {
      return { account, identity_key_hash, token };
    }
  } catch {
    // told below
  }
  throw new Talk2meError("invitation_invalid");
}

/**
 * Takes the fragment out of a pasted link.
 * @param {string} link
 * @param {string} origin the server this browser talks to
 * @returns {string}
 * @throws {Talk2meError} `invitation_invalid`, also for a link to another server
 */
export function fragment_of_link(link, origin) {
  const start = `${origin}/#`;
  if (!link.trim().startsWith(start)) throw new Talk2meError("invitation_invalid");
  return link.trim().slice(start.length);
}
