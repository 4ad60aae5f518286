// @ts-check
// Enters a conversation of this account without anyone's help: a device that was added later, or one that fell out alone.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { describe, join_externally } from "../protocol/mls.js";
import { LeafPolicy } from "./check_leaves.js";
import { make_or_wait, put_commit, settle_commit } from "./commit_change.js";
import { mailbox_lock } from "./receive_envelopes.js";

/** @import { Device } from "./device.js" */
/** @import { Conversation, Cursor } from "./records.js" */

const TRIES = 6;

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
      if (!cursor?.behind) return;
      if ((await join_once(device, cursor)) === "accepted") return;
    }
  });
}

/** @param {Device} device @param {Cursor} cursor */
async function join_once(device, cursor) {
  const { mailbox } = cursor;
  const { own, signature_key } = device;
  const info = await device.request({ type: "group_info.fetch", mailbox: from_base64url(mailbox) });
  const policy = new LeafPolicy(device);
  const pending = await make_or_wait(
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
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", cursor.conversation);
  check_same_conversation(describe(pending.group), mailbox, [own.account, conversation?.peer ?? ""]);
  await device.store.transaction(async (changes) => {
    await policy.save_strangers(changes);
    await put_commit(changes, device, mailbox, pending, info.slot);
    // A device that was never in it has nothing to read before its own commit.
    if (cursor.sequence < info.sequence && !(await device.groups.find(mailbox))) {
      changes.put("cursors", mailbox, { ...cursor, sequence: info.sequence, slot: info.slot });
    }
  });
  return settle_commit(device, mailbox);
}

/**
 * A server could offer the info of another group.
 * @param {ReturnType<typeof describe>} described
 * @param {string} mailbox
 * @param {string[]} accounts
 */
function check_same_conversation({ mailbox: id, members }, mailbox, accounts) {
  const is_same = to_base64url(id) === mailbox && members.every(({ account }) => accounts.includes(to_base64url(account)));
  if (!is_same) throw new Talk2meError("group_refused");
}
