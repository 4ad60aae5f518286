// @ts-check
// The recovery key is kept, sealed, only until its owner has shown to have written it down.
import { format_recovery_key } from "../protocol/recovery_key.js";
import { normalise_base32 } from "../codec/base32.js";
import { note_confirmed } from "./recovery/check_recovery_key.js";

/** @import { Device } from "./device.js" */

/** @param {Device} device @returns {Promise<string | null>} seven groups, or null once confirmed */
export async function pending_recovery_key(device) {
  const kept = await device.store.get("meta", "recovery_key");
  return kept ? format_recovery_key(kept.key) : null;
}

/**
 * @param {Device} device
 * @param {{ groups: Record<string, string> }} wish what was typed, by the index of the group
 * @returns {Promise<{ confirmed: boolean }>}
 */
export async function confirm_recovery_key(device, { groups }) {
  const text = await pending_recovery_key(device);
  if (text === null) return { confirmed: true };
  const right = text.split("-");
  const typed = Object.entries(groups);
  const confirmed = typed.length >= 2 && typed.every(([at, group]) => right[Number(at)] === normalise_base32(group));
  if (confirmed) await note_confirmed(device);
  return { confirmed };
}
