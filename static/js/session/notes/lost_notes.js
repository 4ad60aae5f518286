// @ts-check
// Which conversation holds the account's notes to itself: a setting says so, which the vault carries to all devices. Two devices that
// made one at the same time agree by it on one of them; the other one is lost, and noted to be emptied into it.
import { get_settings, put_setting } from "../settings.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */
/** @typedef {{ id: string, moved: boolean }} Lost `moved`: what this device had written there is where the others are */

/** Name of the setting. */
export const NOTES = "notes";

/** @param {Store | Changes} store @returns {Promise<string | null>} the conversation */
export async function get_notes(store) {
  const { [NOTES]: id } = await get_settings(store);
  return typeof id === "string" ? id : null;
}

/** The caller marks the vault. @param {Changes} changes @param {Device} device @param {string} id */
export function put_notes(changes, device, id) {
  return put_setting(changes, NOTES, id, device.now());
}

/** @param {Store | Changes} store @returns {Promise<Lost[]>} */
export async function lost_notes(store) {
  return (await store.get("meta", "lost_notes")) ?? [];
}

/** @param {Changes} changes @param {Lost[]} lost */
export function put_lost_notes(changes, lost) {
  if (lost.length > 0) changes.put("meta", "lost_notes", lost);
  else changes.delete("meta", "lost_notes");
}

/**
 * Of what was said to be the notes, all but what holds by now.
 * @param {Changes} changes
 * @param {Device} device
 * @param {unknown[]} said by this device, and by another
 */
export async function note_lost_notes(changes, device, said) {
  const held = await get_notes(changes);
  const before = await lost_notes(changes);
  const lost = new Set(said.filter((id) => typeof id === "string" && id !== held && !before.some((one) => one.id === id)));
  if (lost.size === 0) return;
  put_lost_notes(changes, [...before, ...[...lost].map((id) => ({ id: String(id), moved: false }))]);
  changes.after(() => device.tasks.settle_notes());
}
