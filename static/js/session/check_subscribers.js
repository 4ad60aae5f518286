// @ts-check
// Does the server deliver to exactly the devices that the members have agreed on?
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { describe } from "../protocol/mls.js";
import { active_members } from "./active_members.js";
import { same_devices } from "./compare_subscribers.js";
import { refresh_contact } from "./refresh_contact.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Device } from "./device.js" */
/** @import { EnvelopeBatch } from "./envelope_batch.js" */
/** @import { Envelope } from "./read_envelopes.js" */

/** @param {EnvelopeBatch} batch @param {Envelope} envelope */
export async function check_subscribers(batch, { subscribers }) {
  if (!batch.group || !subscribers) return;
  const { members, removed } = describe(batch.group);
  if (removed) return;
  const matches = same_devices(members, subscribers) || (await same_active_devices(batch.device, members, subscribers));
  // It can't be known now; the next commit is compared again.
  if (matches === null) return;
  if (!matches && !batch.cursor.repair) batch.note("subscribers_differ", { alert: true });
  batch.cursor.repair = !matches;
}

/**
 * A device that was removed from its account may still have a leaf, but no subscription: ask before raising an alarm.
 * @param {Device} device
 * @param {ReturnType<typeof describe>["members"]} members
 * @param {Bytes[]} subscribers
 * @returns {Promise<boolean | null>}
 */
async function same_active_devices(device, members, subscribers) {
  const missing = members.filter((member) => !subscribers.some((subscriber) => equal(subscriber, member.device)));
  try {
    for (const account of new Set(missing.map((member) => to_base64url(member.account)))) await refresh_contact(device, account);
  } catch {
    return null;
  }
  return same_devices(await active_members(device.store, members), subscribers);
}
