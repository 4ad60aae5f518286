// @ts-check
// Does the server deliver to exactly the devices that the members have agreed on?
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { is_talk2me_error } from "../errors.js";
import { describe } from "../protocol/mls.js";
import { active_members } from "./active_members.js";
import { same_devices } from "./compare_subscribers.js";
import { is_explained } from "./named_devices.js";
import { refresh_contact } from "./refresh_contact.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Device } from "./device.js" */
/** @import { EnvelopeBatch } from "./envelope_batch.js" */
/** @import { Envelope } from "./read_envelopes.js" */

/**
 * A list that differs is put right by a commit of this device. With a commit that was taken it is the server's doing; with another it
 * may be what somebody's refused commit asked for, of which the person was told.
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope a commit
 * @param {boolean} is_taken
 */
export async function check_subscribers(batch, { subscribers }, is_taken) {
  if (!batch.group || !subscribers) return;
  const { members, removed } = describe(batch.group);
  if (removed) return;
  const agreed = await agreed_devices(batch.device, members, subscribers);
  // It can't be known now; the next commit is compared again.
  if (agreed === null) return;
  const { cursor } = batch;
  if (same_devices(agreed, subscribers)) {
    delete cursor.misdelivers;
    // Of a commit that was refused the server has the group info too, which another has to replace.
    if (is_taken) cursor.repair = false;
    return;
  }
  cursor.repair = true;
  if (!is_taken && is_explained(cursor.named, agreed, subscribers)) return;
  if (!cursor.misdelivers) batch.note("subscribers_differ", { alert: true });
  cursor.misdelivers = true;
}

/**
 * A device that was removed from its account may still have a leaf, but no subscription, and so may one of an account that is gone: ask
 * before raising an alarm.
 * @template {ReturnType<typeof describe>["members"][number]} Member
 * @param {Device} device
 * @param {Member[]} members
 * @param {Bytes[]} subscribers
 * @returns {Promise<Member[] | null>} null when that can't be known now
 */
async function agreed_devices(device, members, subscribers) {
  const missing = members.filter((member) => !subscribers.some((subscriber) => equal(subscriber, member.device)));
  if (missing.length === 0) return members;
  const gone = new Set();
  for (const account of new Set(missing.map((member) => to_base64url(member.account)))) {
    try {
      await refresh_contact(device, account);
    } catch (error) {
      if (!is_talk2me_error(error, "not_found")) return null;
      gone.add(account);
    }
  }
  // One that is on the list may have been removed since: when the commit came it was there.
  const active = new Set(await active_members(device.store, missing));
  return members.filter((member) => !missing.includes(member) || (active.has(member) && !gone.has(to_base64url(member.account))));
}
