// @ts-check
// What the account's devices say of one another in the vault: names, keys to wrap for, how far their links in the archive go.
import { from_base64url } from "../../codec/base64url.js";
import { equal } from "../../codec/bytes.js";
import { mark_vault } from "./keep_vault.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Device } from "../device.js" */
/** @import { DeviceEntry } from "../records.js" */

/** @param {Store | Changes} store @returns {Promise<DeviceEntry[]>} */
export async function get_device_entries(store) {
  return (await store.get("meta", "devices")) ?? [];
}

/** @param {DeviceEntry[]} entries @param {string} id */
export function find_entry(entries, id) {
  const device = from_base64url(id);
  return entries.find((entry) => equal(entry.device, device));
}

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {string} id
 * @param {Partial<DeviceEntry>} change
 * @returns {Promise<boolean>} false when nothing is known of that device
 */
export async function change_device_entry(changes, device, id, change) {
  const entries = await get_device_entries(changes);
  const entry = find_entry(entries, id);
  if (!entry) return false;
  const time = Math.max(device.now(), entry.time + 1);
  changes.put("meta", "devices", entries.map((other) => (other === entry ? { ...entry, ...change, time } : other)));
  await mark_vault(changes, device);
  changes.after(() => device.emit("devices"));
  return true;
}

/** One that was not known, or is known anew. @param {Changes} changes @param {DeviceEntry} entry */
export async function put_device_entry(changes, entry) {
  const others = (await get_device_entries(changes)).filter(({ device }) => !equal(device, entry.device));
  changes.put("meta", "devices", [...others, entry]);
}
