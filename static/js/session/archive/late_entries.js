// @ts-check
// A device that was removed keeps the archive key of its day. Once this one has had a newer key for a while, what still comes in
// with an older one is not of a device of the account.
import { get_state, update_state } from "./archive_state.js";

/** @import { Device } from "../device.js" */
/** @import { Archive } from "./open_archive.js" */
/** @import { Opened } from "./open_entries.js" */

// Until then the other devices have the new key: milliseconds.
const GRACE = 600_000;

/**
 * This device has read all that there is, and the key that it has is the newest that it knows of.
 * @param {Device} device
 * @param {Archive} archive
 */
export async function note_caught_up(device, { keys: [{ generation }] }) {
  const state = await get_state(device.store);
  if (!state || state.newest?.generation === generation) return;
  await device.store.transaction((changes) => update_state(changes, device, (stored) => (stored.newest = { generation, since: device.now() })));
}

/**
 * @param {Device} device
 * @param {Opened[]} opened read forwards
 * @returns {Promise<Opened[]>} the same; nothing is in those that come too late
 */
export async function pass_over_late(device, opened) {
  const { newest } = (await get_state(device.store)) ?? {};
  if (!newest || device.now() < newest.since + GRACE) return opened;
  return opened.map((one) => (one.generation < newest.generation ? { ...one, entry: null } : one));
}
