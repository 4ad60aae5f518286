// @ts-check
// Devices that are about to be removed. The vault says so, as settings: until the chain does too, no other device may wrap the new
// vault key for them.
import { get_settings, put_setting } from "../settings.js";

/** @import { Changes } from "../../store/changes.js" */

const PREFIX = "leaving/";

/** The caller marks the vault. @param {Changes} changes @param {string[]} devices @param {number} now */
export async function note_leaving(changes, devices, now) {
  for (const id of devices) await put_setting(changes, `${PREFIX}${id}`, true, now);
}

/** @param {Changes} changes @param {string} own who reads this is not leaving @returns {Promise<string[]>} */
export async function leaving_devices(changes, own) {
  const settings = await get_settings(changes);
  const names = Object.keys(settings).filter((name) => name.startsWith(PREFIX) && settings[name] === true);
  return names.map((name) => name.slice(PREFIX.length)).filter((id) => id !== own);
}
