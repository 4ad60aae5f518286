// @ts-check
// What a batch of envelopes changes of a group, inside its transaction.
import { describe } from "../../protocol/mls.js";
import { add_notice } from "../conversation_log.js";
import { queue_content } from "../queue_content.js";
import { outgoing_commit_id } from "../records.js";
import { mark_vault } from "../vault/keep_vault.js";
import { members_in } from "./group_rules_of.js";
import { ask_again } from "./leave_group.js";
import { look_for_state } from "./answer_wishes.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { EnvelopeBatch } from "../envelope_batch.js" */
/** @import { Conversation, OutgoingCommit } from "../records.js" */

// Of many who see that somebody wants to go one takes them out, and the others see it: milliseconds.
const LEAVE_SPREAD = 2_000;

/** @param {Changes} changes @param {EnvelopeBatch} batch @param {Conversation} conversation altered in place */
export async function store_group_changes(changes, { device, group, group_changed }, conversation) {
  const record = conversation.group;
  if (!record || !group || !group_changed) return;
  const { removed, leaving, own_leaf } = describe(group);
  if (removed) return;
  const members = members_in(group);
  if (differ(record.members, members)) await mark_vault(changes, device);
  record.members = members;
  if (record.leaving && !leaving.includes(own_leaf)) await ask_again(changes, device, conversation);
  else if (leaving.length > 0) {
    const wait = (device.random(1)[0] / 256) * LEAVE_SPREAD;
    changes.after(() => device.later(wait, async () => device.tasks.flush(conversation.id)));
  }
  changes.after(() => device.background(() => look_for_state(device, conversation)));
}

/** @param {{ account: string }[]} before @param {{ account: string }[]} after */
function differ(before, after) {
  const accounts = new Set(before.map(({ account }) => account));
  return accounts.size !== after.length || after.some(({ account }) => !accounts.has(account));
}

/**
 * The others take the group's new context on trust until they are told what it stands for.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {string} mailbox of a commit of this device that was accepted
 */
export async function queue_states(changes, device, conversation, mailbox) {
  /** @type {OutgoingCommit | undefined} */
  const commit = await changes.get("outbox", outgoing_commit_id(mailbox));
  const states = commit?.states ?? [];
  for (const body of states) queue_content(changes, device, conversation, { type: "state", body });
  if (states.length > 0) changes.after(() => device.tasks.flush(conversation.id));
}

/**
 * This device is out. What was written stays; who is let in again goes on here.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place; its mailboxes are gone already
 * @param {string} author by whom, "" where that is not known
 */
export async function note_removed(changes, device, conversation, author) {
  const { own } = device;
  const has_left = Boolean(conversation.group?.leaving) || author === own.account;
  delete conversation.group?.leaving;
  for (const name of /** @type {const} */ (["wanted", "giving", "entered", "history"])) delete conversation.group?.[name];
  if (conversation.state !== "declined") {
    Object.assign(conversation, { state: "stopped", stopped: has_left ? "left" : "removed", before_stop: "declined", receipts_due: [] });
  }
  if (has_left) add_notice(changes, device, conversation, "left", own.account);
  else add_notice(changes, device, conversation, "removed", author, { about: [own.account] });
  await mark_vault(changes, device);
}
