// @ts-check
// Commits: the state after it, the commit and its welcomes are stored before anything leaves; the state becomes the group's
// when the commit comes back in the mailbox's order; a commit that lost the slot is dropped.
// Everything here wants the mailbox's lock held.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { describe } from "../protocol/mls.js";
import { active_members } from "./active_members.js";
import { LeafPolicy } from "./check_leaves.js";
import { rules_in } from "./groups/group_rules_of.js";
import { note_put_out } from "./note_put_out.js";
import { drain } from "./receive_envelopes.js";
import { outgoing_commit_id } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation, OutgoingCommit } from "./records.js" */
/** @typedef {"accepted" | "lost"} Outcome */

// The server did not judge the commit: the same one is sent again later.
const UNJUDGED = new Set([
  "offline",
  "timed_out",
  "storage_failed",
  "rate_limited",
  "internal",
  "hello_required",
  "quota_reached",
]);

/**
 * @param {Device} device
 * @param {string} mailbox
 * @param {(group: any, policy: LeafPolicy) => Promise<any>} make gives a `Pending` of protocol/mls.js
 * @returns {Promise<Outcome>}
 * @throws {Talk2meError} what `make`, the transport or the server throws; not for a lost slot
 */
export async function commit_change(device, mailbox, make) {
  const group = await device.groups.get(mailbox);
  const { slot, conversation } = await device.store.get("cursors", mailbox);
  const { group: record } = (await device.store.get("conversations", conversation)) ?? {};
  const policy = new LeafPolicy(device, await rules_in(record), { of_group: record !== undefined });
  const pending = await make_or_wait(() => make(group, policy), policy);
  await device.store.transaction(async (changes) => {
    await policy.save_strangers(changes);
    await put_commit(changes, device, mailbox, pending, slot);
  });
  return settle_commit(device, mailbox);
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @param {LeafPolicy} policy
 * @returns {Promise<T>}
 */
export async function make_or_wait(work, policy) {
  try {
    return await work();
  } catch (error) {
    throw policy.failure ?? error;
  }
}

/**
 * Notes a commit that is to leave, with the group as it will be.
 * @param {Changes} changes
 * @param {Device} device
 * @param {string} mailbox
 * @param {any} pending of protocol/mls.js; `states` are sent, and `history` is given, once it is accepted
 * @param {number} slot the last one that this device has seen
 * @param {{ create?: boolean }} [more] `create`: the mailbox is to be made first
 */
export async function put_commit(changes, device, mailbox, pending, slot, { create = false } = {}) {
  const { members } = describe(pending.group);
  const accounts = [...new Set(members.map(({ account }) => to_base64url(account)))];
  /** @type {OutgoingCommit} */
  const commit = {
    mailbox,
    id: to_base64url(device.random(16)),
    slot,
    body: pending.commit,
    members: accounts.map(from_base64url),
    subscribers: (await active_members(changes, members)).map((member) => member.device),
    welcomes: pending.welcome
      ? pending.added.map((/** @type {any} */ added) => ({ device: added.device, id: device.random(16), body: pending.welcome }))
      : [],
    group_info: pending.group_info,
    create,
    states: pending.states ?? [],
    ...(pending.history ? { history: pending.history } : {}),
  };
  await device.groups.put_pending(changes, mailbox, pending.group);
  changes.put("outbox", outgoing_commit_id(mailbox), commit);
}

/**
 * Brings a commit that was stored to its end, if there is one.
 * @param {Device} device
 * @param {string} mailbox
 * @returns {Promise<Outcome>} `accepted` also when there was nothing to do
 * @throws {Talk2meError} when the server refuses it for good (it is dropped then), or can't be reached (it stays)
 */
export async function settle_commit(device, mailbox) {
  /** @type {OutgoingCommit | undefined} */
  const commit = await device.store.get("outbox", outgoing_commit_id(mailbox));
  if (!commit) return "accepted";
  let answer;
  try {
    if (commit.create) await create_mailbox(device, mailbox);
    answer = await device.request(commit_frame(commit));
  } catch (error) {
    const code = error instanceof Talk2meError ? error.code : "internal";
    if (UNJUDGED.has(code)) throw error;
    await drop_commit(device, commit);
    if (code === "mailbox_unknown" && (await note_put_out(device, mailbox))) return "lost";
    if (code !== "slot_conflict") throw error;
    // Who is only about to join can't read yet: it asks for the group info again instead.
    if (await device.groups.find(mailbox)) await drain(device, mailbox);
    return "lost";
  }
  await drain(device, mailbox);
  // Accepted, but not shown: whatever this device did now would begin beside the others.
  if (await device.store.get("outbox", outgoing_commit_id(mailbox))) throw new Talk2meError("answer_invalid");
  // Who was put out could not read what others committed meanwhile: now it has, and looks again.
  return answer.slot > commit.slot + 1 ? "lost" : "accepted";
}

/** @param {Device} device @param {OutgoingCommit} commit */
async function drop_commit(device, { mailbox, create }) {
  await device.store.transaction(async (changes) => {
    changes.delete("outbox", outgoing_commit_id(mailbox));
    await device.groups.drop_pending(changes, mailbox);
    if (create) await forget_mailbox(changes, device, mailbox);
  });
}

/** A group that nobody could be added to: what waits goes into another one. */
async function forget_mailbox(/** @type {Changes} */ changes, /** @type {Device} */ device, /** @type {string} */ mailbox) {
  const cursor = await changes.get("cursors", mailbox);
  changes.delete("cursors", mailbox);
  await device.groups.drop(changes, mailbox);
  await changes.update("conversations", cursor.conversation, (/** @type {Conversation} */ conversation) => {
    conversation.mailboxes = conversation.mailboxes.filter((other) => other !== mailbox);
  });
}

/** @param {Device} device @param {string} mailbox */
async function create_mailbox(device, mailbox) {
  try {
    await device.request({ type: "mailbox.create", mailbox: from_base64url(mailbox), kind: "conversation" });
  } catch (error) {
    if (!(error instanceof Talk2meError) || UNJUDGED.has(error.code)) throw error;
    // Made before, and no longer empty: then the commit is in it already, and is told as a duplicate.
  }
}

/** @param {OutgoingCommit} commit */
function commit_frame({ mailbox, id, slot, body, members, subscribers, welcomes, group_info }) {
  return {
    type: "commit.send",
    mailbox: from_base64url(mailbox),
    id: from_base64url(id),
    slot,
    body,
    members,
    subscribers,
    welcomes,
    group_info,
  };
}
