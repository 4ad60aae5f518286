// @ts-check
// Who goes: put out by somebody who may, or by themselves. Nobody can take themselves out of a group: they ask, and whoever of the others
// is there next takes them out.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { remove_members } from "../../protocol/mls.js";
import { tell_conversation } from "../conversation_log.js";
import { queue_content } from "../queue_content.js";
import { outgoing_prefix } from "../records.js";
import { mark_vault } from "../vault/keep_vault.js";
import { active_group, commit_group_change } from "./commit_group_change.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Outgoing } from "../records.js" */

/**
 * @param {Device} device
 * @param {{ conversation: string, account: string }} wish
 * @throws {Talk2meError} as `commit_group_change`
 */
export async function remove_from_group(device, { conversation, account }) {
  if (account === device.own.account) throw new Talk2meError("bad_request");
  await commit_group_change(device, conversation, async ({ group, described, policy }) => {
    const leaves = described.members.filter((member) => to_base64url(member.account) === account).map(({ leaf }) => leaf);
    return leaves.length > 0 ? remove_members(group, leaves, policy) : null;
  });
}

/**
 * Nothing more can be written in it from now on. The account's other devices are taken out at once, as far as that can be done.
 * @param {Device} device
 * @param {{ conversation: string }} wish
 */
export async function leave_group(device, { conversation: id }) {
  const { group: record } = await active_group(device, id);
  if (record.members.length > 1) await remove_own_others(device, id);
  const is_alone = record.members.length < 2;
  await device.store.transaction(async (changes) => {
    /** @type {Conversation} */
    const conversation = await changes.get("conversations", id);
    if (!conversation.group) return;
    Object.assign(conversation, { state: "stopped", stopped: "left", before_stop: "declined", state_time: device.now(), receipts_due: [] });
    if (is_alone) Object.assign(conversation, { mailboxes: [], left: [id] });
    else {
      conversation.group.leaving = true;
      queue_content(changes, device, conversation, { type: "leave", body: null });
    }
    changes.put("conversations", id, conversation);
    await mark_vault(changes, device);
    tell_conversation(changes, device, id);
  });
  if (is_alone) device.background(() => device.request({ type: "subscription.end", mailbox: from_base64url(id) }));
  else device.tasks.flush(id);
}

/** @param {Device} device @param {string} id */
async function remove_own_others(device, id) {
  try {
    await commit_group_change(device, id, async ({ group, described, policy }) => {
      const { members, own_leaf } = described;
      const others = members.filter(({ account, leaf }) => to_base64url(account) === device.own.account && leaf !== own_leaf);
      return others.length > 0 ? remove_members(group, others.map(({ leaf }) => leaf), policy) : null;
    });
  } catch (error) {
    // They hear of it by the vault and go by themselves.
    if (!is_talk2me_error(error)) throw error;
  }
}

/**
 * The wish to leave is one of an epoch: whoever is still in the group after a commit has to ask again.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 */
export async function ask_again(changes, device, conversation) {
  if (!conversation.group?.leaving) return;
  const rows = await device.store.list("outbox", { prefix: outgoing_prefix(conversation.id) });
  const is_asked = rows.some(({ value }) => /** @type {Outgoing} */ (value).type === "leave" && !value.accepted);
  if (is_asked) return;
  queue_content(changes, device, conversation, { type: "leave", body: null });
  changes.after(() => device.tasks.flush(conversation.id));
}
