// @ts-check
// What a connection begins with, as far as the archive goes, and what another device's decision about it leads to.
import { from_base64url } from "../../codec/base64url.js";
import { get_state, is_archive_on, update_state } from "./archive_state.js";
import { erase_left, note_erase } from "./erase_archive.js";
import { NOTED } from "./note_archive.js";
import { read_forward } from "./read_forward.js";
import { restore_archive } from "./restore_archive.js";
import { write_archive } from "./write_archive.js";

/** @import { Device } from "../device.js" */

/** @param {Device} device */
export async function follow_archive(device) {
  await erase_left(device);
  if (!(await is_archive_on(device.store))) {
    await end_here(device);
    return erase_left(device);
  }
  await read_forward(device);
  await write_archive(device);
  return restore_archive(device);
}

/**
 * Another device has turned it off; what this one has made again meanwhile, not knowing that, must not stay on the server.
 * @param {Device} device
 */
async function end_here(device) {
  const noted = await device.store.list("outbox", { prefix: NOTED });
  await device.store.transaction(async (changes) => {
    if (await is_archive_on(changes)) return;
    for (const { id } of noted) changes.delete("outbox", id);
    const state = await get_state(changes);
    if (!state || state.ended) return;
    await note_erase(changes, from_base64url(state.mailbox));
    await update_state(changes, device, (stored) => Object.assign(stored, { ended: true, restore: null, backfill: null, full: false }));
  });
}
