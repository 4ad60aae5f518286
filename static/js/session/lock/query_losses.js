// @ts-check
// What would be lost if this browser were erased now.
import { get_state, is_archive_on } from "../archive/archive_state.js";
import { MESSAGES } from "../archive/backfill_archive.js";
import { NOTED } from "../archive/note_archive.js";

/** @import { Store } from "../../store/store.js" */
/** @import { Contact, Profile } from "../records.js" */

/**
 * @param {Store} store
 * @returns {Promise<{ unarchived: number, archive_on: boolean, recovery_confirmed: boolean, other_devices: number }>} `unarchived`:
 *   messages that are in no archive yet; `other_devices`: active ones
 */
export async function query_losses(store) {
  /** @type {Profile | undefined} */
  const profile = await store.get("meta", "profile");
  /** @type {Contact | undefined} */
  const own = profile && (await store.get("contacts", profile.account));
  const active = own?.chain.devices.filter(({ removed }) => removed === null) ?? [];
  return {
    unarchived: (await store.count("outbox", NOTED)) + (await count_unseen(store)),
    archive_on: await is_archive_on(store),
    recovery_confirmed: profile?.recovery_confirmed ?? false,
    other_devices: Math.max(0, active.length - 1),
  };
}

/** Of before the archive, and not looked at yet: at most these are in none. @param {Store} store */
async function count_unseen(store) {
  const state = await get_state(store);
  if (state && !state.backfill) return 0;
  return store.count("messages", MESSAGES, state?.backfill?.after || undefined);
}
