// @ts-check
// What was there before the archive (of an older release, or before it was turned on) is noted little by little, oldest first.
import { get_state, update_state } from "./archive_state.js";
import { changes_of } from "../messages/changes_of.js";
import { note_change, note_message } from "./note_archive.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Message } from "../records.js" */

const PIECE = 64;
export const MESSAGES = "m/";

/**
 * Notes the next ones, once all that the archive has is restored: those are in it.
 * @param {Device} device
 * @returns {Promise<boolean>} whether it got on
 */
export async function backfill_some(device) {
  const state = await get_state(device.store);
  if (!state?.backfill || state.restore) return false;
  const { after, again } = state.backfill;
  await device.store.transaction(async (changes) => {
    // Nobody else writes meanwhile: what is listed here is how it stays.
    const rows = await device.store.list("messages", { prefix: MESSAGES, ...(after ? { after } : {}), limit: PIECE });
    for (const row of rows) await note_one(changes, device, row, again);
    const last = rows.at(-1)?.id;
    await update_state(changes, device, (stored) => {
      if (stored.backfill) stored.backfill = last ? { after: last, again } : null;
    });
  });
  return true;
}

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {{ id: string, value: Message }} row
 * @param {boolean} again what was written to an archive that is gone
 */
async function note_one(changes, device, { id, value: message }, again) {
  if (message.archived && !again) return;
  const conversation = await changes.get("conversations", id.split("/")[1]);
  if (!conversation) return;
  delete message.archived;
  await note_message(changes, device, conversation, message, { at_once: true });
  for (const change of changes_of(message)) await note_change(changes, device, conversation, message, change, { at_once: true });
  changes.put("messages", id, message);
}

/** Begins anew: for a conversation that goes in from now on. @param {Changes} changes @param {Device} device */
export async function begin_backfill(changes, device) {
  await update_state(changes, device, (state) => {
    state.backfill = { after: "", again: state.backfill?.again ?? false };
  });
  changes.after(() => device.tasks.archive(0));
}
