// @ts-check
// A link into a group: whoever has it may ask its maker, in a conversation of their own, to be let in.
import { equal } from "../../codec/bytes.js";
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { make_group_link as write_link, parse_group_link } from "../../protocol/group_link.js";
import { make_link } from "../../protocol/invitation.js";
import { publish_token, WEEK } from "../make_invitation.js";
import { read_invitation } from "../read_invitation.js";
import { get_settings, put_setting } from "../settings.js";
import { mark_vault } from "../vault/keep_vault.js";
import { active_group } from "./commit_group_change.js";
import { rights_in } from "./group_rights.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */

const PREFIX = "group_link/";

/**
 * One that was made before works no more.
 * @param {Device} device
 * @param {{ conversation: string }} wish
 * @returns {Promise<{ link: string, expires: number }>} unix ms
 * @throws {Talk2meError} `not_allowed` for whoever could not add anybody
 */
export async function make_group_link(device, { conversation: id }) {
  const { group } = await active_group(device, id);
  if (!(await rights_in(group, device.own.account))?.add) throw new Talk2meError("not_allowed");
  const [invitation, token] = [device.random(16), device.random(16)];
  const expires = device.now() + WEEK * 1000;
  // Only the link's own token lets anybody past a request (join_requests.js): that one can be stopped.
  const identity_key_hash = await publish_token(device, invitation);
  await put_link(device, id, `${to_base64url(token)}.${expires}`);
  const account = from_base64url(device.own.account);
  return { link: write_link(device.origin, { account, identity_key_hash, invitation, group: from_base64url(id), token }), expires };
}

/** @param {Device} device @param {{ conversation: string }} wish */
export async function revoke_group_link(device, { conversation: id }) {
  await put_link(device, id, "");
}

/** All devices of the account know it, as a setting. @param {Device} device @param {string} id @param {string} value */
async function put_link(device, id, value) {
  await device.store.transaction(async (changes) => {
    await put_setting(changes, `${PREFIX}${id}`, value, device.now());
    await mark_vault(changes, device);
    changes.after(() => device.emit("conversations"));
  });
}

/** @param {Store | Changes} store @param {string} id @param {number} now @returns {Promise<string | null>} the token of the link that works */
export async function link_token(store, id, now) {
  const [token = "", expires = "0"] = String((await get_settings(store))[`${PREFIX}${id}`] ?? "").split(".");
  return token !== "" && Number(expires) > now ? token : null;
}

/** @param {Changes} changes @param {{ group: Uint8Array, token: Uint8Array }} request @param {number} now */
export async function is_link_valid(changes, { group, token }, now) {
  const known = await link_token(changes, to_base64url(group), now);
  return known !== null && equal(from_base64url(known), token);
}

/**
 * Whose a link is: as with an invitation, that contact is verified by it.
 * @param {Device} device
 * @param {{ fragment: string }} wish
 * @returns {Promise<{ account: string, username: string, own: boolean, known: boolean }>}
 * @throws {Talk2meError} as `read_invitation`
 */
export async function read_group_link(device, { fragment }) {
  const { account, username, own, known } = await read_invitation(device, { fragment: invitation_of(device, fragment) });
  return { account, username, own, known };
}

/** @param {Device} device @param {string} fragment of a group's link @returns {string} of the personal invitation in it */
export function invitation_of({ origin }, fragment) {
  const { account, identity_key_hash, invitation } = parse_group_link(fragment);
  return new URL(make_link(origin, account, identity_key_hash, invitation)).hash;
}
