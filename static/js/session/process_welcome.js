// @ts-check
// A welcome: another device has added this one to a group. It becomes a request, unless the two accounts talk already.
import { to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { describe, join_from_welcome } from "../protocol/mls.js";
import { start as start_transcript } from "../protocol/transcript.js";
import { LeafPolicy } from "./check_leaves.js";
import { make_or_wait } from "./commit_change.js";
import { add_mailbox, new_conversation, tell_conversation } from "./conversation_log.js";
import { begin_transcript } from "./follow_transcript.js";
import { mark_vault } from "./keep_vault.js";
import { find_subscription } from "./list_mailboxes.js";
import { list_key_packages } from "./publish_key_packages.js";
import { new_cursor } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation } from "./records.js" */

/**
 * @param {Device} device
 * @param {Uint8Array} body
 * @param {(changes: Changes) => void} move_on notes in the same transaction that the welcome was read
 * @returns {Promise<string | null>} the mailbox, or null when this device is in the group already
 * @throws {Talk2meError} when it is refused, or when what is needed to judge it is not to be had now
 */
export async function process_welcome(device, body, move_on) {
  const policy = new LeafPolicy(device);
  const { group, used, inviter } = await join(device, body, policy);
  // A device that was removed from its account, stolen perhaps, invites nobody.
  if (!(await policy.check_leaf({ ...inviter, state: "added" }))) throw policy.failure ?? new Talk2meError("group_refused");
  const described = describe(group);
  const mailbox = to_base64url(described.mailbox);
  const peer = only_peer(described, device.own.account);
  const subscription = await find_subscription(device, described.mailbox);
  if (!subscription || subscription.kind !== "conversation") throw new Talk2meError("mailbox_unknown");
  const start = await start_transcript(described.confirmed_transcript_hash);
  return device.store.transaction(async (changes) => {
    move_on(changes);
    await forget_key_package(changes, device, used);
    if (await changes.get("cursors", mailbox)) return null;
    await policy.save_strangers(changes);
    /** @type {Conversation} */
    const conversation =
      (await changes.get("conversations", peer)) ??
      new_conversation({ peer, state: first_state(inviter, device.own.account), suite: described.suite, time: device.now() });
    add_mailbox(conversation, mailbox, described.suite);
    const sequence = Math.max(0, subscription.first - 1);
    const cursor = { ...new_cursor(mailbox, conversation.id), sequence, slot: subscription.slot };
    changes.put("cursors", mailbox, cursor);
    changes.put("transcripts", mailbox, begin_transcript(sequence, start));
    changes.put("conversations", conversation.id, conversation);
    await device.groups.put(changes, mailbox, group);
    await mark_vault(changes, device);
    tell_conversation(changes, device, conversation.id);
    changes.after(() => device.tasks.replenish());
    return mailbox;
  });
}

/** @param {Device} device @param {Uint8Array} welcome @param {LeafPolicy} policy */
async function join(device, welcome, policy) {
  const held = await list_key_packages(device);
  const key_packages = held.map(({ value }) => value);
  const { signature_key } = device;
  try {
    return await make_or_wait(() => join_from_welcome({ welcome, key_packages, signature_key, policy }), policy);
  } catch (error) {
    if (policy.failure || error instanceof Talk2meError) throw error;
    throw new Talk2meError("group_refused");
  }
}

/**
 * @param {ReturnType<typeof describe>} described
 * @param {string} own
 * @returns {string} the one other account
 * @throws {Talk2meError} `group_refused` for a group of any other make-up
 */
function only_peer({ kind, members }, own) {
  const accounts = new Set(members.map(({ account }) => to_base64url(account)));
  accounts.delete(own);
  if (kind !== "direct" || accounts.size !== 1) throw new Talk2meError("group_refused");
  return [...accounts][0];
}

/** What another device of this account begins is no request. @param {{ account: Uint8Array }} inviter @param {string} own */
function first_state({ account }, own) {
  return to_base64url(account) === own ? "active" : "request";
}

/** @param {Changes} changes @param {Device} device @param {Uint8Array} reference */
async function forget_key_package(changes, device, reference) {
  const id = to_base64url(reference);
  const used = await device.store.get("key_packages", id);
  if (used && !used.last_resort) changes.delete("key_packages", id);
}

