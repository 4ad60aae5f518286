// @ts-check
// Takes in what another device of this account put into the vault. Nothing known here is lost; of two statements about one
// contact the later one counts.
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { restore_contacts, restore_conversations } from "./restore_vault.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Contact } from "./records.js" */
/** @import { Invitation, VaultContents, Verification } from "../protocol/vault_contents.js" */

/** @param {Changes} changes @param {Device} device @param {VaultContents} contents */
export async function absorb_vault(changes, device, contents) {
  await restore_contacts(changes, contents);
  await restore_conversations(changes, device, contents);
  for (const entry of contents.contacts) {
    const account = to_base64url(entry.account);
    await changes.update("contacts", account, (/** @type {Contact} */ contact) => {
      contact.verified = later_verification(contact.verified, entry.verified);
    });
  }
  const invitations = (await changes.get("meta", "invitations")) ?? [];
  changes.put("meta", "invitations", union_of_invitations(invitations, contents.invitations, device.now()));
  changes.put("meta", "settings", { ...contents.settings, ...((await changes.get("meta", "settings")) ?? {}) });
}

/** @param {Verification | null} mine @param {Verification | null} theirs @returns {Verification | null} */
export function later_verification(mine, theirs) {
  if (!mine || !theirs) return mine ?? theirs;
  return theirs.time > mine.time ? theirs : mine;
}

/** @param {Invitation[]} mine @param {Invitation[]} theirs @param {number} now @returns {Invitation[]} without expired ones */
export function union_of_invitations(mine, theirs, now) {
  const others = theirs.filter(({ token }) => !mine.some((known) => equal(known.token, token)));
  return [...mine, ...others].filter(({ expires }) => expires > now);
}
