// @ts-check
// Contacts and conversations out of a vault: those that this device does not know yet, which it joins by itself; and what a person
// has decided on another device about those that it knows.
import { to_base64url } from "../../codec/base64url.js";
import { new_conversation, new_group_conversation, tell_conversation } from "../conversation_log.js";
import { changed_at } from "./gather_vault.js";
import { new_cursor } from "../records.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { ConversationEntry, VaultContents } from "../../protocol/vault_contents.js" */
/** @import { Contact, Conversation } from "../records.js" */

/** @param {Changes} changes @param {VaultContents} contents */
export async function restore_contacts(changes, { contacts }) {
  for (const { account: id, username, identity_key, seq, hash, added, verified } of contacts) {
    const account = to_base64url(id);
    if (await changes.get("contacts", account)) continue;
    // Its devices are learned with the next look at the chain, which has to go on from what is pinned here.
    const nothing_more = { recovery_keys: [], devices: [], announced: null, reset: null, former_identities: [] };
    const chain = { account: id, username, identity_key, seq, hash, ...nothing_more };
    /** @type {Contact} */
    const contact = { account, chain, fetched: 0, own: false, added, verified, changed: null };
    changes.put("contacts", account, contact);
  }
}

/** @param {Changes} changes @param {Device} device @param {VaultContents} contents */
export async function restore_conversations(changes, device, { conversations }) {
  for (const entry of conversations) {
    if (entry.kind === "direct" && entry.peers.length !== 1) continue;
    const mailbox = to_base64url(entry.mailbox);
    const id = entry.kind === "group" ? mailbox : to_base64url(entry.peers[0]);
    /** @type {Conversation} */
    const conversation = (await changes.get("conversations", id)) ?? begin_conversation(id, entry, device.now());
    if (is_only_archived(conversation) && entry.state !== "declined") begin_after_all(conversation, entry);
    take_decision(conversation, entry);
    if (conversation.state === "declined") conversation.left = [...new Set([...(conversation.left ?? []), mailbox])];
    else if (is_out_of(conversation)) continue;
    else if (conversation.left?.includes(mailbox) || !(await changes.get("cursors", mailbox))) {
      await join_later(changes, device, conversation, mailbox);
    }
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  }
}

/** Who was put out of a group, or has left it, is let in by others only. @param {Conversation} conversation */
function is_out_of({ group, state, stopped }) {
  return group !== undefined && state === "stopped" && stopped !== "identity_changed";
}

/**
 * What was said in it came out of the archive before the vault told of it: that this account is out of it was a guess.
 * @param {Conversation} conversation
 */
function is_only_archived({ group, mailboxes, stopped }) {
  return Boolean(group?.only_archived) && mailboxes.length === 0 && stopped === "removed";
}

/** @param {Conversation} conversation altered in place @param {ConversationEntry} entry */
function begin_after_all(conversation, entry) {
  const { state, before_stop, stopped, archive, state_time, archive_time, group } = begin_conversation(conversation.id, entry, conversation.time);
  Object.assign(conversation, { state, before_stop, stopped, archive, state_time, archive_time });
  // What the archive has told of it waits in there.
  Object.assign(conversation.group ?? {}, { members: group?.members ?? [] });
  delete conversation.group?.only_archived;
}

/** @param {string} id @param {ConversationEntry} entry @param {number} now @returns {Conversation} */
function begin_conversation(id, { kind, state, archive, peers, time }, now) {
  const chosen = { archive, state_time: time, archive_time: time };
  // The suite is known once the group is joined.
  if (kind === "direct") return { ...new_conversation({ peer: id, state, suite: 0, time: now }), ...chosen };
  const begun = new_group_conversation({ mailbox: id, state, suite: 0, time: now });
  begun.group.members = peers.map((account) => ({ account: to_base64url(account), devices: 0 }));
  return { ...begun, ...chosen };
}

/**
 * Nobody goes back to a request: that is only what it was before somebody decided.
 * @param {Conversation} conversation altered in place
 * @param {ConversationEntry} entry
 */
function take_decision(conversation, { state, archive, time }) {
  const is_later = time > changed_at(conversation);
  const present = conversation.state === "stopped" ? conversation.before_stop : conversation.state;
  if (is_later) Object.assign(conversation, { archive, archive_time: time });
  if (state === "request" || state === present || !(is_later || present === "request")) return;
  conversation.state_time = Math.max(time, conversation.state_time ?? 0);
  if (conversation.state === "stopped") conversation.before_stop = state;
  else conversation.state = state;
  if (state === "declined") leave(conversation);
}

/** Its subscriptions end with the next connection. @param {Conversation} conversation altered in place */
function leave(conversation) {
  Object.assign(conversation, { left: conversation.mailboxes, mailboxes: [], receipts_due: [], unread: 0 });
}

/** @param {Changes} changes @param {Device} device @param {Conversation} conversation @param {string} mailbox */
async function join_later(changes, device, conversation, mailbox) {
  if (conversation.left) conversation.left = conversation.left.filter((other) => other !== mailbox);
  if (!conversation.mailboxes.includes(mailbox)) conversation.mailboxes.push(mailbox);
  const cursor = (await changes.get("cursors", mailbox)) ?? new_cursor(mailbox, conversation.id);
  changes.put("cursors", mailbox, { ...cursor, behind: true });
  changes.after(() => device.tasks.rejoin(mailbox));
}
