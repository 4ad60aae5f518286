// @ts-check
// The look at the log at start, with every connection and each hour: this account first, then whatever is new about contacts.
import { is_talk2me_error } from "../../errors.js";
import { event_name } from "../../protocol/key_log_chain.js";
import { get_contact, refresh_contact } from "../refresh_contact.js";
import { check_witnesses } from "./check_witnesses.js";
import { change_held, get_held, log_state, witness_wish } from "./held_log.js";
import { raise_alarm } from "./raise_alarm.js";
import { bare_entry, scan_log } from "./scan_log.js";

/** @import { Device } from "../device.js" */
/** @import { Contact } from "../records.js" */
/** @import { Hit } from "./held_log.js" */
/** @import { Found } from "./raise_alarm.js" */

/**
 * @param {Device} device
 * @throws {Talk2meError} what the transport throws; `key_log_broken`
 */
export async function watch_log(device) {
  const before = await state_of(device);
  await refresh_contact(device, device.own.account);
  await scan_log(device);
  for (const hit of (await get_held(device.store))?.pending ?? []) await look_into(device, hit);
  await prove_the_rest(device);
  await check_witnesses(device);
  if (before !== "ok" && (await state_of(device)) === "ok") await flush_all(device);
}

/** @param {Device} device */
async function state_of(device) {
  return log_state(await get_held(device.store), (await witness_wish(device.store)).quorum, device.now());
}

/** What waited for the log can leave. @param {Device} device */
async function flush_all(device) {
  device.emit("conversations");
  for (const { id } of await device.store.list("conversations", { prefix: "" })) device.tasks.flush(id);
}

/**
 * A leaf about an account whose chain, as it was known, does not have that event: it has it now, or it is kept from us.
 * @param {Device} device
 * @param {Hit} hit
 */
async function look_into(device, hit) {
  const own = hit.account === device.own.account;
  const seq = await newest_seq(device, hit.account);
  const { own_leaves = {} } = (await get_held(device.store)) ?? {};
  const known = own_leaves[hit.name];
  const is_event = !own || hit.name === event_name(hit.version);
  if (known !== hit.position && !(known === undefined && is_event && seq >= hit.version)) {
    const username = (await get_contact(device, hit.account))?.chain.username;
    throw await raise_alarm(device, own ? "log_own_account" : "log_entry_dropped", { ...(await dropped_entry(device, hit)), username });
  }
  await change_held(device, (held) => {
    if (own) held.own_leaves[hit.name] = hit.position;
    held.pending = held.pending.filter(({ position }) => position !== hit.position);
  });
}

/**
 * @param {Device} device
 * @param {string} account
 * @returns {Promise<number>} how far the chain goes that can be believed; what the log has beyond it is no event of the account
 */
async function newest_seq(device, account) {
  try {
    return (await refresh_contact(device, account)).chain.seq;
  } catch (error) {
    if (!is_talk2me_error(error, "chain_invalid") && !is_talk2me_error(error, "key_log_invalid")) throw error;
    return (await get_contact(device, account))?.chain.seq ?? 0;
  }
}

/**
 * What proves it: the leaf is in the tree, and the map of the newest leaf denies it.
 * @param {Device} device
 * @param {Hit} hit
 * @returns {Promise<Found>}
 */
async function dropped_entry(device, hit) {
  const entry = bare_entry(hit);
  try {
    const held = await get_held(device.store);
    const inclusion = await device.api.key_log_inclusion(hit.position, held?.size ?? 0);
    const { log } = await device.api.chain(hit.account, { since: held?.size ?? 0 });
    return { theirs: log.checkpoint, entry: { ...entry, inclusion, last: log.last, absent: log.account.absent } };
  } catch {
    // A server that tells nothing more is not helped by it.
    return { entry };
  }
}

/** Contacts from before there was a log, out of a vault, or met while it could not be reached. @param {Device} device */
async function prove_the_rest(device) {
  for (const { value } of await device.store.list("contacts", { prefix: "" })) {
    /** @type {Contact} */
    const contact = value;
    if (contact.proven || contact.own) continue;
    try {
      await refresh_contact(device, contact.account);
    } catch (error) {
      // One account's trouble is not another's; without a network there is no use in going on.
      if (!is_talk2me_error(error) || error.code === "offline" || error.code === "key_log_broken") throw error;
    }
  }
}

/** Whether a contact's chain is known to be the newest one without asking: its growth would have been seen. */
export async function is_watched(/** @type {Device} */ device, /** @type {Contact} */ contact, /** @type {number} */ age) {
  const held = await get_held(device.store);
  return Boolean(contact.proven && held && !held.alarm && held.pending.length === 0 && Math.abs(device.now() - held.looked) < age);
}
