// @ts-check
import { from_base64url } from "../codec/base64url.js";
import { sha256 } from "../crypto/hash.js";
import { make_link } from "../protocol/invitation.js";
import { mark_vault } from "./vault/keep_vault.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Device } from "./device.js" */

/** How long a link works, in seconds. */
export const WEEK = 7 * 86_400;

/**
 * A link that lets whoever has it write without asking first, for a week.
 * @param {Device} device
 * @param {{ newcomer?: boolean }} [wish] `newcomer`: one person without an account may also sign up by it
 * @returns {Promise<{ link: string, expires: number }>} unix ms
 * @throws {Talk2meError} `invites_used_up`, and what the transport throws
 */
export async function make_invitation(device, { newcomer = false } = {}) {
  const code = newcomer ? await device.api.registration_code() : undefined;
  const now = device.now();
  const token = device.random(16);
  const expires = now + WEEK * 1000;
  // Known here before anyone can use it.
  await device.store.transaction(async (changes) => {
    const invitations = (await changes.get("meta", "invitations")) ?? [];
    const valid = invitations.filter((/** @type {{ expires: number }} */ invitation) => invitation.expires > now);
    changes.put("meta", "invitations", [...valid, { token, created: now, expires }]);
    await mark_vault(changes, device);
  });
  const identity_key_hash = await publish_token(device, token);
  return { link: make_link(device.origin, from_base64url(device.own.account), identity_key_hash, token, code), expires };
}

/**
 * By a token that the server knows somebody new can write here, whatever the account says of strangers. Without being noted among the
 * invitations it leads no further than to a request.
 * @param {Device} device
 * @param {Bytes} token
 * @returns {Promise<Bytes>} the hash of the identity key, which a link has beside the token
 */
export async function publish_token(device, token) {
  await device.api.publish_invitation({ token_hash: await sha256(token), expires_in: WEEK });
  const { chain } = await device.store.get("contacts", device.own.account);
  return sha256(chain.identity_key);
}
