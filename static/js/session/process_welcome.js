// @ts-check
// A welcome: another device has added this one to a group. It becomes a request, unless the two accounts talk already.
import { to_base64url } from "../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { describe, join_from_welcome } from "../protocol/mls.js";
import { start as start_transcript } from "../protocol/transcript.js";
import { LeafPolicy } from "./check_leaves.js";
import { make_or_wait } from "./commit_change.js";
import { add_mailbox, new_conversation, tell_conversation } from "./conversation_log.js";
import { begin_transcript } from "./follow_transcript.js";
import { check_led } from "./groups/check_led.js";
import { enter_group } from "./groups/enter_group.js";
import { rights_in } from "./groups/group_rights.js";
import { mark_vault } from "./vault/keep_vault.js";
import { find_subscription } from "./list_mailboxes.js";
import { decline_blocked } from "./people/decline_blocked.js";
import { list_key_packages } from "./publish_key_packages.js";
import { new_cursor } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation, Cursor } from "./records.js" */

/**
 * @param {Device} device
 * @param {Uint8Array} body
 * @param {(changes: Changes) => void | Promise<void>} move_on notes in the same transaction that the welcome was read
 * @returns {Promise<string | null>} the mailbox, or null when this device is in the group already
 * @throws {Talk2meError} when it is refused (`details.undecided`: an account whose changed identity is yet to be judged), or when what
 *   is needed to judge it is not to be had now
 */
export async function process_welcome(device, body, move_on) {
  const policy = new LeafPolicy(device, null, { of_group: true });
  const { group, used, inviter } = await join(device, body, policy);
  const described = describe(group);
  // In a direct conversation there is but one whom that can be about. In a group whoever lets this account in has to be known.
  if (policy.undecided && described.kind === "direct") throw refusal(policy);
  const inviters = new LeafPolicy(device);
  // A device that was removed from its account, stolen perhaps, invites nobody.
  if (!(await inviters.check_leaf({ ...inviter, state: "added" }))) throw inviters.failure ?? refusal(inviters);
  const mailbox = to_base64url(described.mailbox);
  const peer = described.kind === "direct" ? only_peer(described, device.own.account) : null;
  const subscription = await find_subscription(device, described.mailbox);
  if (!subscription || subscription.kind !== "conversation") throw new Talk2meError("mailbox_unknown");
  const start = await start_transcript(described.confirmed_transcript_hash);
  const sequence = Math.max(0, subscription.first - 1);
  const is_out = await is_out_of(device, described, { inviter, subscription });
  return device.store.transaction(async (changes) => {
    await move_on(changes);
    await forget_key_package(changes, device, used);
    if (!is_out && (await changes.get("cursors", mailbox))) return null;
    await policy.save_strangers(changes);
    const conversation =
      peer === null
        ? await enter_group(changes, device, group, { inviter: to_base64url(inviter.account), sequence })
        : await meet_peer(changes, device, { peer, inviter, suite: described.suite });
    if (!conversation) return null;
    if (await decline_blocked(changes, device, conversation, { mailbox, inviter: to_base64url(inviter.account) })) return null;
    add_mailbox(conversation, mailbox, described.suite);
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

/**
 * Who has been put out of a group and let in again is not in it in between: this device has read so, or the server says that it begins anew
 * and who lets it in was allowed to. That somebody else says so counts for nothing: it would lead this device into another group
 * under the same name.
 * @param {Device} device
 * @param {ReturnType<typeof describe>} joined
 * @param {{ inviter: ReturnType<typeof describe>["members"][number], subscription: { first: number } }} by
 */
async function is_out_of(device, joined, { inviter, subscription }) {
  const mailbox = to_base64url(joined.mailbox);
  /** @type {Cursor | undefined} */
  const cursor = await device.store.get("cursors", mailbox);
  const held = cursor && (await device.groups.find(mailbox));
  if (!held || describe(held).removed) return true;
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", cursor.conversation);
  if (subscription.first <= cursor.sequence + 1 || !conversation?.group) return false;
  const rights = await rights_in(conversation.group, to_base64url(inviter.account));
  if (!rights?.add || joined.epoch <= describe(held).epoch) return false;
  try {
    await check_led(device, { held, joined, signer: inviter, record: conversation.group });
    return true;
  } catch (error) {
    if (is_talk2me_error(error, "group_refused")) return false;
    throw error;
  }
}

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {{ peer: string, inviter: { account: Uint8Array }, suite: number }} group
 * @returns {Promise<Conversation>}
 */
async function meet_peer(changes, device, { peer, inviter, suite }) {
  const state = first_state(inviter, device.own.account);
  return (await changes.get("conversations", peer)) ?? new_conversation({ peer, state, suite, time: device.now() });
}

/** @param {Device} device @param {Uint8Array} welcome @param {LeafPolicy} policy */
async function join(device, welcome, policy) {
  const held = await list_key_packages(device);
  const key_packages = held.map(({ value }) => value);
  const { signature_key } = device;
  try {
    return await make_or_wait(() => join_from_welcome({ welcome, key_packages, signature_key, policy }), policy);
  } catch (error) {
    if (policy.failure) throw error;
    if (policy.undecided || !(error instanceof Talk2meError)) throw refusal(policy);
    throw error;
  }
}

/** @param {LeafPolicy} policy */
function refusal({ undecided }) {
  return new Talk2meError("group_refused", undecided ? { undecided } : {});
}

/**
 * @param {ReturnType<typeof describe>} described
 * @param {string} own
 * @returns {string} the one other account
 * @throws {Talk2meError} `group_refused` for a group of any other make-up
 */
function only_peer({ members }, own) {
  const accounts = new Set(members.map(({ account }) => to_base64url(account)));
  accounts.delete(own);
  if (accounts.size !== 1) throw new Talk2meError("group_refused");
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

