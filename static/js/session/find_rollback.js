// @ts-check
// Is what this browser keeps older than what this device once was? A copy that was put back, or a disk that forgot its last writes,
// holds keys that have been used since. The server says how far this device has acknowledged, which it does only after storing.
import { from_base64url } from "../codec/base64url.js";
import { add_notice, tell_conversation } from "./conversation_log.js";
import { mark_vault } from "./vault/keep_vault.js";
import { find_subscription } from "./list_mailboxes.js";
import { outgoing_commit_id, outgoing_prefix } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Subscription } from "./list_mailboxes.js" */
/** @import { Conversation, Cursor, Outgoing } from "./records.js" */

/** @type {WeakMap<Device, Set<string>>} mailboxes that were compared since this page is the owner */
const compared = new WeakMap();

/**
 * Compares before the first use of a group's keys. Wants the mailbox's lock held.
 * @param {Device} device
 * @param {string} mailbox
 * @throws {Talk2meError} when it can't be asked now; nothing must be sent then
 */
export async function compare_before_sending(device, mailbox) {
  if (compared.get(device)?.has(mailbox)) return;
  const subscription = await find_subscription(device, from_base64url(mailbox));
  if (subscription) await compare_state(device, subscription);
}

/**
 * Wants the mailbox's lock held. Where this browser is the older one, it sends nothing more with the keys that it has, joins anew
 * and says so.
 * @param {Device} device
 * @param {Subscription} subscription
 */
export async function compare_state(device, subscription) {
  const { mailbox, acknowledged } = subscription;
  /** @type {Cursor | undefined} */
  const cursor = await device.store.get("cursors", mailbox);
  if (cursor && is_behind(cursor, subscription)) await note_rollback(device, cursor, acknowledged);
  if (!compared.has(device)) compared.set(device, new Set());
  compared.get(device)?.add(mailbox);
}

/**
 * A subscription that began anew counts as acknowledged up to where it begins, without this device having said so.
 * @param {Cursor} cursor
 * @param {Subscription} subscription
 */
export function is_behind({ sequence, spent = 0 }, { acknowledged, first }) {
  return acknowledged > Math.max(sequence, spent) && acknowledged >= first;
}

/** @param {Device} device @param {Cursor} cursor @param {number} acknowledged */
async function note_rollback(device, cursor, acknowledged) {
  const { mailbox, conversation: id } = cursor;
  const outgoing = id ? await device.store.list("outbox", { prefix: outgoing_prefix(id) }) : [];
  await device.store.transaction(async (changes) => {
    if (id) {
      changes.put("cursors", mailbox, { ...cursor, behind: true, spent: acknowledged });
      // What is missing from here on is no lie of the server's.
      changes.delete("transcripts", mailbox);
      changes.delete("outbox", outgoing_commit_id(mailbox));
      await device.groups.drop_pending(changes, mailbox);
      for (const { id: key } of outgoing) await encrypt_anew(changes, key, mailbox);
      await note_in_conversation(changes, device, id);
    } else changes.put("cursors", mailbox, { ...cursor, sequence: acknowledged });
    // The vault may know of conversations that this browser has forgotten: writing it takes them in.
    await mark_vault(changes, device);
    changes.after(() => {
      device.emit("alert", { code: "state_rolled_back" });
      if (id) device.tasks.rejoin(mailbox);
    });
  });
}

/** Under the same content id: whoever has it already shows it once. */
async function encrypt_anew(/** @type {Changes} */ changes, /** @type {string} */ key, /** @type {string} */ mailbox) {
  await changes.update("outbox", key, (/** @type {Outgoing} */ outgoing) => {
    if (outgoing.mailbox === mailbox) Object.assign(outgoing, { envelope: null, mailbox: null, accepted: false });
  });
}

/** @param {Changes} changes @param {Device} device @param {string} id */
async function note_in_conversation(changes, device, id) {
  /** @type {Conversation | undefined} */
  const conversation = await changes.get("conversations", id);
  if (!conversation) return;
  add_notice(changes, device, conversation, "state_rolled_back", device.own.account);
  changes.put("conversations", id, conversation);
  tell_conversation(changes, device, id);
}
