// @ts-check
// Keeps what is believed about an account up to date with its chain, and stops everything when its identity is another.
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { active_devices } from "../protocol/account_chain.js";
import { add_notice, tell_conversation } from "./conversation_log.js";
import { note_changed_member, note_settled_member } from "./groups/changed_member.js";
import { fetch_proven, is_unproven } from "./key_log/fetch_chain.js";
import { raise_alarm } from "./key_log/raise_alarm.js";
import { note_own_leaves } from "./key_log/own_leaves.js";
import { proven_at } from "./key_log/scan_log.js";
import { is_watched } from "./key_log/watch_log.js";
import { mark_vault } from "./vault/keep_vault.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { ChainState } from "../protocol/account_chain.js" */
/** @import { Fetched, Proven } from "./key_log/fetch_chain.js" */
/** @import { Device } from "./device.js" */
/** @import { Contact, Conversation } from "./records.js" */

/** How long a chain is taken as present without asking again: milliseconds. */
export const CHAIN_AGE = 3_600_000;
// The server has answered, about this account or this device: what is pinned is no answer to that.
const ABOUT_ACCOUNT = new Set(["not_found", "chain_invalid", "identity_changed", "device_revoked", "sign_in_refused", "not_owner"]);

/** @param {Device} device @param {string} account @returns {Promise<Contact | undefined>} */
export function get_contact(device, account) {
  return device.store.get("contacts", account);
}

/**
 * @param {Device} device
 * @param {string} account
 * @param {Fetched} [fetched] where it is at hand already
 * @returns {Promise<Contact>} as stored now; look at `changed` before using its keys
 * @throws {Talk2meError} `not_found`, `chain_invalid`, `key_log_invalid`, `key_log_broken` and what the transport throws
 */
export async function refresh_contact(device, account, fetched) {
  const judged = await judge(device, account, fetched);
  const { verdict, state, proven } = judged;
  if (to_base64url(state.account) !== account) throw new Talk2meError("chain_invalid");
  if (account === device.own.account) {
    // The log vouches for another identity, or for another leaf than before: somebody has put it there.
    if (verdict === "changed") await tell_own_changed(device, judged);
    else await note_own_leaves(device, judged);
  }
  return device.store.transaction(async (changes) => {
    const known = await changes.get("contacts", account);
    const contact = known ?? new_contact(device, account, state);
    if (!known && !contact.own) await mark_vault(changes, device);
    if (verdict === "changed") await note_changed_identity(changes, device, contact, judged);
    else await note_chain(changes, device, contact, state);
    contact.fetched = device.now();
    contact.proven = await proven_at(changes, proven);
    changes.put("contacts", account, contact);
    return contact;
  });
}

/**
 * Who has the recovery key may start over, and this device is none of the account's then. That only the server vouches for it is what a
 * server would do that lies.
 * @param {Device} device
 * @param {Proven} judged
 */
async function tell_own_changed(device, { reset }) {
  if (reset !== "recovery") return raise_alarm(device, "log_own_account", {});
  device.emit("alert", { code: "device_revoked" });
  throw new Talk2meError("device_revoked");
}

/**
 * @param {Device} device
 * @param {string} account
 * @param {Fetched | undefined} given
 * @returns {Promise<Proven>}
 */
async function judge(device, account, given) {
  const pinned = await get_contact(device, account);
  try {
    const judged = await fetch_proven(device, account, pinned?.chain ?? null, given);
    for (const code of ["chain_invalid", "log_proof_wrong"]) device.told_of_chains.delete(`${code}/${account}`);
    return judged;
  } catch (error) {
    throw await tell_refused(device, account, pinned, error);
  }
}

/** @param {Device} device @param {string} account @param {Contact | undefined} pinned @param {unknown} error @returns {Promise<unknown>} */
async function tell_refused(device, account, pinned, error) {
  const is_refused = is_talk2me_error(error, "chain_invalid");
  if (!is_refused && !is_unproven(error)) return error;
  // Of the own chain this browser knows that nobody else can have signed it. A form that it does not know may be a newer release's.
  const is_lie = !is_refused || error.details.reason === "signature_invalid";
  if (account === device.own.account && is_lie) return raise_alarm(device, "log_own_account", {});
  const code = is_refused ? "chain_invalid" : "log_proof_wrong";
  if (pinned || !is_refused) tell_once(device, code, account, pinned?.chain.username);
  return error;
}

/**
 * A contact's own message says something of its account that the server has not shown: now it does, or it hides it.
 * @param {Device} device
 * @param {string} account
 * @param {{ seq: number, hash: Uint8Array }} told
 */
export async function look_for_more(device, account, told) {
  const { chain } = await refresh_contact(device, account);
  const is_hidden = chain.seq < told.seq || (chain.seq === told.seq && !equal(chain.hash, told.hash));
  if (is_hidden) tell_once(device, "chain_hidden", account, chain.username);
}

/** However often the server is asked. @param {Device} device @param {string} code @param {string} account @param {string} [username] */
function tell_once(device, code, account, username) {
  const told = `${code}/${account}`;
  if (device.told_of_chains.has(told)) return;
  device.told_of_chains.add(told);
  device.emit("alert", { code, account, username, own: account === device.own.account });
}

/**
 * @param {Device} device
 * @param {string} account
 * @param {number} [age] milliseconds
 * @returns {Promise<Contact>} as it is pinned when the log or the chain can't be had now: docs/key_log.md 6 says for how long
 * @throws {Talk2meError} where nothing is pinned, or the server says something of the account itself
 */
export async function fresh_contact(device, account, age = CHAIN_AGE) {
  const contact = await get_contact(device, account);
  // A clock that was ahead must not make an old chain young.
  const is_fresh = contact && Math.abs(device.now() - contact.fetched) < age;
  if (contact && (is_fresh || (await is_watched(device, contact, age)))) return contact;
  try {
    return await refresh_contact(device, account);
  } catch (error) {
    if (!contact || contact.chain.devices.length === 0 || !is_talk2me_error(error) || ABOUT_ACCOUNT.has(error.code)) throw error;
    return contact;
  }
}

/** @param {Device} device @param {string} account @param {ChainState} state @returns {Contact} */
export function new_contact(device, account, state) {
  const own = account === device.own.account;
  return { account, chain: state, fetched: device.now(), own, added: device.now(), verified: null, changed: null };
}

/** @param {string} account @param {ChainState} chain @param {number} now @returns {Contact} */
export function own_contact(account, chain, now) {
  return { account, chain, fetched: now, own: true, added: now, verified: null, changed: null };
}

/** @param {Changes} changes @param {Device} device @param {Contact} contact @param {ChainState} state */
async function note_chain(changes, device, contact, state) {
  // Another page of events may have come in meanwhile: the longer one stays.
  if (state.seq < contact.chain.seq) return;
  const added = active_devices(state).filter(
    ({ device_id }) => !contact.chain.devices.some((known) => equal(known.device_id, device_id)),
  );
  const is_new = added.some(({ device_id }) => !device.awaited.has(to_base64url(device_id)));
  const grew = state.seq > contact.chain.seq;
  contact.chain = state;
  if (contact.changed) await note_returned_identity(changes, device, contact);
  if (grew && !contact.own) await mark_vault(changes, device);
  changes.after(() => device.emit("contacts"));
  if (!grew || !is_new) return;
  if (contact.own) changes.after(() => device.emit("alert", { code: "own_device_added" }));
  else await notice_in_conversation(changes, device, contact.account, "device_added");
}

/** @param {Changes} changes @param {Device} device @param {Contact} contact @param {Proven} judged */
async function note_changed_identity(changes, device, contact, { state, reset }) {
  if (contact.changed && equal(contact.changed.hash, state.hash)) return;
  const was_verified = is_verified(contact);
  contact.changed = state;
  contact.verified = null;
  await mark_vault(changes, device);
  /** @type {Conversation | undefined} */
  const conversation = await changes.get("conversations", contact.account);
  if (conversation) {
    if (conversation.state !== "stopped") conversation.before_stop = conversation.state;
    conversation.state = "stopped";
    conversation.stopped = "identity_changed";
    add_notice(changes, device, conversation, reset ? "identity_reset" : "identity_changed", undefined, reset ? { by: reset } : {});
    changes.put("conversations", conversation.id, conversation);
    tell_conversation(changes, device, conversation.id);
  }
  const { account, chain, own } = contact;
  if (!own) await note_changed_member(changes, device, account, { code: reset ? "identity_reset" : "identity_changed", was_verified });
  changes.after(() => {
    device.emit("contacts");
    device.emit("alert", { code: "identity_changed", account, username: chain.username, was_verified, own });
  });
}

/**
 * The server shows the pinned identity again. It is the one that was believed all along, so sending goes on; that another
 * was shown stays on record, and the verification stays void, because whoever lied once is worth a second look.
 * @param {Changes} changes @param {Device} device @param {Contact} contact altered in place
 */
async function note_returned_identity(changes, device, contact) {
  contact.changed = null;
  await note_settled_member(changes, device, contact.account);
  /** @type {Conversation | undefined} */
  const conversation = await changes.get("conversations", contact.account);
  if (conversation?.stopped !== "identity_changed") return;
  conversation.state = conversation.before_stop;
  conversation.stopped = null;
  changes.put("conversations", conversation.id, conversation);
  await notice_in_conversation(changes, device, contact.account, "identity_returned");
  changes.after(() => device.tasks.flush(contact.account));
}

/** @param {Changes} changes @param {Device} device @param {string} account @param {string} code */
async function notice_in_conversation(changes, device, account, code) {
  const conversation = await changes.get("conversations", account);
  if (!conversation) return;
  add_notice(changes, device, conversation, code);
  changes.put("conversations", account, conversation);
  tell_conversation(changes, device, account);
}

/** A verification counts only for the key that was verified. @param {Contact | undefined} contact */
export function is_verified(contact) {
  return Boolean(contact?.verified && !contact.changed && equal(contact.verified.identity_key, contact.chain.identity_key));
}
