// @ts-check
// Enters a conversation of this account without anyone's help: a device that was added later, or one that fell out alone.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { is_integer } from "../codec/fields.js";
import { Talk2meError } from "../errors.js";
import { describe, join_externally, keep_epochs } from "../protocol/mls.js";
import { LeafPolicy } from "./check_leaves.js";
import { make_or_wait, put_commit, settle_commit } from "./commit_change.js";
import { add_mailbox, tell_conversation } from "./conversation_log.js";
import { check_led } from "./groups/check_led.js";
import { mailbox_lock } from "./receive_envelopes.js";

/** @import { Device } from "./device.js" */
/** @import { Conversation, Cursor } from "./records.js" */

const TRIES = 6;
// No other answer will come to the same question.
const HOPELESS = new Set(["mailbox_unknown", "group_refused", "group_missing", "envelope_invalid", "suite_unsupported"]);

/**
 * @param {Device} device
 * @param {string} mailbox with a cursor
 * @throws {Talk2meError} when the group info is refused, or nothing can be reached
 */
export function rejoin_conversation(device, mailbox) {
  return device.mutexes.run(mailbox_lock(mailbox), async () => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      /** @type {Cursor | undefined} */
      const cursor = await device.store.get("cursors", mailbox);
      if (!cursor?.behind || !(await may_answer(device, cursor))) return;
      try {
        if ((await join_once(device, cursor)) !== "accepted") continue;
      } catch (error) {
        if (!(error instanceof Talk2meError) || !HOPELESS.has(error.code)) throw error;
        if (!(await give_up(device, cursor))) return;
      }
      // What waited for this leaves, through the group that it has now.
      device.tasks.flush(cursor.conversation);
      return;
    }
  });
}

/**
 * What made it look for another group may have been nonsense, sent to see whether anybody is there: who was not accepted gets
 * no answer to that, and a conversation that was stopped none either. It is made up for when it is active again.
 * @param {Device} device
 * @param {Cursor} cursor
 */
async function may_answer(device, { mailbox, conversation: id }) {
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", id);
  return conversation?.state === "active" || !(await device.groups.find(mailbox));
}

/**
 * A device that has a group stays in it: perhaps what made it look for another was not true. One whose keys may have been used
 * by another state of it sends nothing with them, and goes on asking. One that has none begins a new group when there is
 * something to say.
 * @param {Device} device
 * @param {Cursor} cursor
 * @returns {Promise<boolean>} false while it goes on asking
 */
async function give_up(device, cursor) {
  const { mailbox, conversation: id, spent } = cursor;
  if (await device.groups.find(mailbox)) {
    if (spent) return false;
    await device.store.transaction((changes) =>
      changes.put("cursors", mailbox, { ...without_led(cursor), behind: false, refused: "no" }),
    );
    return true;
  }
  await device.store.transaction(async (changes) => {
    changes.delete("cursors", mailbox);
    await changes.update("conversations", id, (/** @type {Conversation} */ conversation) => {
      conversation.mailboxes = conversation.mailboxes.filter((other) => other !== mailbox);
      // Nobody lets this account in any more.
      if (conversation.group) Object.assign(conversation, { state: "stopped", stopped: "removed", before_stop: "declined" });
    });
    tell_conversation(changes, device, id);
  });
  return true;
}

/** @param {Cursor} cursor @returns {Cursor} */
function without_led({ led: _led, ...cursor }) {
  return cursor;
}

/** @param {Device} device @param {Cursor} cursor */
async function join_once(device, cursor) {
  const { mailbox } = cursor;
  const { own, signature_key } = device;
  const info = await device.request({ type: "group_info.fetch", mailbox: from_base64url(mailbox) });
  if (!is_integer(info.slot) || !is_integer(info.sequence)) throw new Talk2meError("answer_invalid");
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", cursor.conversation);
  const policy = new LeafPolicy(device, null, { of_group: conversation?.kind === "group" });
  const made = await make_or_wait(
    () =>
      join_externally({
        group_info: info.body,
        own: { account: from_base64url(own.account), device: from_base64url(own.device) },
        signature_key,
        policy,
        now: device.now(),
      }),
    policy,
  );
  const joined = describe(made.group);
  check_same_conversation(joined, mailbox, conversation, own.account);
  const held = await device.groups.find(mailbox);
  // An info of before lets in again who has been removed since.
  if (held && joined.epoch <= describe(held).epoch) throw new Talk2meError("group_refused");
  // Somebody only says that the others have gone on: not to where the rules would not have led them.
  if (held && cursor.led) await check_led(device, { held, joined, signer: made.signer, record: conversation?.group });
  const pending = held ? { ...made, group: keep_epochs(made.group, held) } : made;
  await device.store.transaction(async (changes) => {
    await policy.save_strangers(changes);
    await put_commit(changes, device, mailbox, pending, info.slot);
    if (conversation) {
      await changes.update("conversations", conversation.id, (stored) => add_mailbox(stored, mailbox, pending.group.suite));
    }
    // A device that was never in it has nothing to read before its own commit.
    if (cursor.sequence < info.sequence && !held) {
      changes.put("cursors", mailbox, { ...cursor, sequence: info.sequence, slot: info.slot });
    }
  });
  return settle_commit(device, mailbox);
}

/**
 * A server could offer the info of another group. Who is in a group changes; with one person there are never others.
 * @param {ReturnType<typeof describe>} described
 * @param {string} mailbox
 * @param {Conversation | undefined} conversation
 * @param {string} own account
 */
function check_same_conversation({ mailbox: id, kind, members }, mailbox, conversation, own) {
  const accounts = members.map(({ account }) => to_base64url(account));
  const is_kind = kind === (conversation?.kind ?? "direct");
  const is_same = kind === "group" || accounts.every((account) => account === own || account === conversation?.peer);
  if (to_base64url(id) !== mailbox || !is_kind || !is_same) throw new Talk2meError("group_refused");
}
