// @ts-check
import { from_base64url } from "../codec/base64url.js";
import { sha256 } from "../crypto/hash.js";
import { make_link } from "../protocol/invitation.js";
import { mark_vault } from "./vault/keep_vault.js";

/** @import { Device } from "./device.js" */

const WEEK = 7 * 86_400;

/**
 * A link that lets whoever has it write without asking first, for a week.
 * @param {Device} device
 * @returns {Promise<{ link: string, expires: number }>} unix ms
 */
export async function make_invitation(device) {
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
  await device.api.publish_invitation({ token_hash: await sha256(token), expires_in: WEEK });
  const { chain } = await device.store.get("contacts", device.own.account);
  const link = make_link(device.origin, from_base64url(device.own.account), await sha256(chain.identity_key), token);
  return { link, expires };
}
