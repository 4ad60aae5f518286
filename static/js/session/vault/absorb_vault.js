// @ts-check
// Takes in what another device of this account put into the vault. Nothing known here is lost; of two statements about one
// thing the later one counts.
import { equal } from "../../codec/bytes.js";
import { to_base64url } from "../../codec/base64url.js";
import { get_device_entries } from "./device_entries.js";
import { merge_archive, merge_devices, merge_recovery, with_links_of } from "./merge_secrets.js";
import { restore_contacts, restore_conversations } from "./restore_vault.js";
import { get_secrets } from "./secrets.js";
import { absorb_settings } from "../settings.js";
import { get_notes, note_lost_notes, NOTES } from "../notes/lost_notes.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Contact, DeviceEntry } from "../records.js" */
/** @import { Invitation, VaultContents, Verification } from "../../protocol/vault_contents.js" */

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
  const notes = await get_notes(changes);
  await absorb_settings(changes, contents.settings);
  await note_lost_notes(changes, device, [notes, contents.settings[NOTES]?.value]);
  await absorb_secrets(changes, contents);
  changes.after(() => {
    device.emit("contacts");
    device.emit("devices");
    device.emit("archive");
    // Another device may have turned it on or off.
    device.tasks.follow_archive();
  });
}

/** @param {Changes} changes @param {VaultContents} contents */
async function absorb_secrets(changes, contents) {
  const secrets = await get_secrets({ store: changes });
  const before = await get_device_entries(changes);
  const archive = merge_archive(secrets.archive, contents.archive);
  const entries = merge_devices(
    with_links_of(before, secrets.archive, archive),
    with_links_of(contents.devices, contents.archive, archive),
  );
  changes.put("meta", "devices", entries);
  changes.put("meta", "secrets", {
    ...secrets,
    archive,
    recovery: merge_recovery(secrets.recovery, contents.recovery),
    // What was wrapped to another key of that device opens nothing for it.
    wraps: secrets.wraps.filter(({ kind, id }) => kind !== "device" || is_same_key(id, before, entries)),
  });
}

/** @param {Uint8Array} id @param {DeviceEntry[]} before @param {DeviceEntry[]} after */
function is_same_key(id, before, after) {
  const [old, now] = [before, after].map((entries) => entries.find(({ device }) => equal(device, id)));
  return !old || !now || equal(old.hpke, now.hpke);
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
