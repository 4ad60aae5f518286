// @ts-check
// The look at the log at start, with every connection and each hour: this account first, then whatever is new about contacts.
import { is_talk2me_error } from "../../errors.js";
import { prove_chain } from "../../protocol/key_log_chain.js";
import { from_base64url } from "../../codec/base64url.js";
import { get_contact, refresh_contact } from "../refresh_contact.js";
import { check_witnesses } from "./check_witnesses.js";
import { fetch_chain } from "./fetch_chain.js";
import { change_held, get_held, log_state, witness_wish } from "./held_log.js";
import { can_be_own } from "./own_leaves.js";
import { raise_alarm } from "./raise_alarm.js";
import { bare_entry, scan_log } from "./scan_log.js";

/** @import { Device } from "../device.js" */
/** @import { Contact } from "../records.js" */
/** @import { Hit, LogState } from "./held_log.js" */
/** @import { Found } from "./raise_alarm.js" */

/** @type {Set<LogState>} that may end by itself */
const WAITING = new Set(["frozen", "unreachable", "unwitnessed"]);

/**
 * Each part is tried, whatever becomes of the others: a server that does not answer for one account hides no other.
 * @param {Device} device
 * @throws {Talk2meError} what the transport throws; `key_log_broken`
 */
export async function watch_log(device) {
  try {
    await look(device);
  } finally {
    // A server that was away for days adds its heartbeat a minute after it is back.
    if (WAITING.has(await state_of(device))) device.tasks.look_again();
  }
}

/** @param {Device} device @returns {Promise<LogState>} */
async function state_of({ store, now }) {
  return log_state(await get_held(store), (await witness_wish(store)).quorum, now());
}

/** @param {Device} device */
async function look(device) {
  const failures = [];
  const parts = [own_chain, scan_log, look_into_hits, prove_the_rest, check_witnesses];
  for (const part of parts) {
    try {
      await part(device);
    } catch (error) {
      if (is_talk2me_error(error, "key_log_broken") || !is_talk2me_error(error)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** @param {Device} device */
async function own_chain(device) {
  await refresh_contact(device, device.own.account);
}

/** @param {Device} device */
async function look_into_hits(device) {
  const pending = (await get_held(device.store))?.pending ?? [];
  const is_own = (/** @type {Hit} */ { account }) => Number(account === device.own.account);
  const failures = [];
  for (const hit of pending.toSorted((a, b) => is_own(b) - is_own(a))) {
    try {
      await look_into(device, hit);
    } catch (error) {
      if (is_talk2me_error(error, "key_log_broken") || !is_talk2me_error(error)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
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
  if (own ? !can_be_own(own_leaves, hit, seq) : seq < hit.version) {
    const username = (await get_contact(device, hit.account))?.chain.username;
    throw await raise_alarm(device, own ? "log_own_account" : "log_entry_dropped", { ...(await dropped_entry(device, hit)), username });
  }
  await change_held(device, (held) => {
    if (own) held.own_leaves[hit.name] = hit.position;
    held.pending = held.pending.filter(({ position }) => position !== hit.position);
  });
  if (!own) device.tasks.flush_all();
}

/**
 * @param {Device} device
 * @param {string} account
 * @returns {Promise<number>} how far the log vouches for the account's chain. An account that is gone, and a chain that the log
 *   has but this page can't believe, of a newer release or a misbehaving contact perhaps, are no lie of the log
 */
async function newest_seq(device, account) {
  try {
    const { chain, changed } = await refresh_contact(device, account);
    // Of an account that has started over the log vouches for another chain than the pinned one.
    return Math.max(chain.seq, changed?.seq ?? 0);
  } catch (error) {
    if (is_talk2me_error(error, "not_found") && account !== device.own.account) return Infinity;
    const pinned = (await get_contact(device, account))?.chain.seq ?? 0;
    if (is_talk2me_error(error, "chain_invalid")) return (await logged_seq(device, account)) ?? pinned;
    if (is_talk2me_error(error, "key_log_invalid")) return pinned;
    throw error;
  }
}

/** @param {Device} device @param {string} account @returns {Promise<number | null>} null when the log does not have these events */
async function logged_seq(device, account) {
  const { events, log, verified } = await fetch_chain(device, account);
  const state = /** @type {any} */ ({ account: from_base64url(account), seq: events.length });
  try {
    prove_chain({ events, state, log, verified, directory_key: null });
    return events.length;
  } catch {
    return null;
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

/**
 * Whether a contact's chain is known to be the newest one without asking: its growth would have been seen.
 * @param {Device} device
 * @param {Contact} contact
 * @param {number} age milliseconds
 */
export async function is_watched(device, contact, age) {
  const held = await get_held(device.store);
  if (!contact.proven || !held || held.alarm || Math.abs(device.now() - held.looked) >= age) return false;
  return !held.pending.some(({ account }) => account === contact.account);
}
