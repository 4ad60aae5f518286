// @ts-check
// What stands behind # in an invitation link: whose it is, with the key checked against it.
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { sha256 } from "../crypto/hash.js";
import { Talk2meError } from "../errors.js";
import { parse_fragment } from "../protocol/invitation.js";
import { mark_vault } from "./vault/keep_vault.js";
import { is_verified, refresh_contact } from "./refresh_contact.js";
import { log_head } from "./verify_contact.js";

/** @import { Device } from "./device.js" */
/** @import { Bytes } from "../codec/bytes.js" */

/**
 * The link came from the person by another way than this server, and names the key: that contact is verified.
 * @param {Device} device
 * @param {{ fragment: string }} wish
 * @returns {Promise<{ account: string, username: string, own: boolean, known: boolean, token: Bytes }>}
 * @throws {Talk2meError} `invitation_invalid`; `identity_changed` when the server shows another key than the link names
 */
export async function read_invitation(device, { fragment }) {
  const { account: id, identity_key_hash, token } = parse_fragment(fragment);
  const account = to_base64url(id);
  const own = account === device.own.account;
  const contact = await refresh_contact(device, account);
  const { chain } = contact;
  const known = Boolean(await device.store.get("conversations", account));
  if (contact.changed || !equal(await sha256(chain.identity_key), identity_key_hash)) {
    device.emit("alert", { code: "identity_changed", account, username: chain.username, was_verified: false, own });
    throw new Talk2meError("identity_changed");
  }
  if (!own && !is_verified(contact)) await verify_by_link(device, account, chain.identity_key);
  return { account, username: chain.username, own, known, token };
}

/** @param {Device} device @param {string} account @param {Bytes} identity_key */
async function verify_by_link(device, account, identity_key) {
  const log = await log_head(device);
  await device.store.transaction(async (changes) => {
    await changes.update("contacts", account, (contact) => {
      contact.verified = { identity_key, method: "link", time: device.now(), ...log };
    });
    await mark_vault(changes, device);
    changes.after(() => device.emit("contacts"));
  });
}
