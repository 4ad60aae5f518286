// @ts-check
// Keeps what is believed about an account up to date with its chain, and stops everything when its identity is another.
import { equal } from "../codec/bytes.js";
import { to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { active_devices } from "../protocol/account_chain.js";
import { add_notice, tell_conversation } from "./conversation_log.js";
import { judge_chain } from "./judge_chain.js";
import { mark_vault } from "./keep_vault.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { ChainState, SignedEvent } from "../protocol/account_chain.js" */
/** @import { Device } from "./device.js" */
/** @import { Contact, Conversation } from "./records.js" */

/** How long a chain is taken as present without asking again: milliseconds. */
export const CHAIN_AGE = 3_600_000;

/** @param {Device} device @param {string} account @returns {Promise<Contact | undefined>} */
export function get_contact(device, account) {
  return device.store.get("contacts", account);
}

/**
 * @param {Device} device
 * @param {string} account
 * @param {SignedEvent[]} [events] where they are at hand already
 * @returns {Promise<Contact>} as stored now; look at `changed` before using its keys
 * @throws {Talk2meError} `not_found`, `chain_invalid`, and what the transport throws
 */
export async function refresh_contact(device, account, events) {
  const fetched = events ?? (await device.api.chain(account));
  const pinned = await get_contact(device, account);
  let judged;
  try {
    judged = await judge_chain(fetched, device.origin, pinned?.chain ?? null);
  } catch (error) {
    if (pinned) device.emit("alert", { code: "chain_invalid", account, username: pinned.chain.username });
    throw error;
  }
  const { verdict, state } = judged;
  if (to_base64url(state.account) !== account) throw new Talk2meError("chain_invalid");
  return device.store.transaction(async (changes) => {
    const known = await changes.get("contacts", account);
    const contact = known ?? new_contact(device, account, state);
    if (!known && !contact.own) await mark_vault(changes, device);
    if (verdict === "changed") await note_changed_identity(changes, device, contact, state);
    else await note_chain(changes, device, contact, state);
    contact.fetched = device.now();
    changes.put("contacts", account, contact);
    return contact;
  });
}

/**
 * @param {Device} device
 * @param {string} account
 * @param {number} [age] milliseconds
 * @returns {Promise<Contact>}
 */
export async function fresh_contact(device, account, age = CHAIN_AGE) {
  const contact = await get_contact(device, account);
  // A clock that was ahead must not make an old chain young.
  return contact && Math.abs(device.now() - contact.fetched) < age ? contact : refresh_contact(device, account);
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
  const is_new = active_devices(state).some(
    ({ device_id }) => !contact.chain.devices.some((known) => equal(known.device_id, device_id)),
  );
  const grew = state.seq > contact.chain.seq;
  contact.chain = state;
  if (contact.changed) await note_returned_identity(changes, device, contact);
  if (grew && !contact.own) await mark_vault(changes, device);
  changes.after(() => device.emit("contacts"));
  if (grew && is_new && !contact.own) await notice_in_conversation(changes, device, contact.account, "device_added");
}

/** @param {Changes} changes @param {Device} device @param {Contact} contact @param {ChainState} state */
async function note_changed_identity(changes, device, contact, state) {
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
    add_notice(changes, device, conversation, "identity_changed");
    changes.put("conversations", conversation.id, conversation);
    tell_conversation(changes, device, conversation.id);
  }
  const { account, chain, own } = contact;
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
