// @ts-check
// One of a group has another identity key. The group goes on; where that person's key had been compared, this device sends nothing in it
// until its owner has looked.
import { add_notice, tell_conversation } from "../conversation_log.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {string} account
 * @param {{ code: string, was_verified: boolean }} change
 */
export async function note_changed_member(changes, device, account, { code, was_verified }) {
  for (const id of await groups_with(device, account)) {
    await changes.update("conversations", id, (/** @type {Conversation} */ conversation) => {
      if (was_verified && conversation.state !== "stopped") {
        Object.assign(conversation, { before_stop: conversation.state, state: "stopped", stopped: "identity_changed" });
      }
      if (was_verified && conversation.group) conversation.group.changed = [...(conversation.group.changed ?? []), account];
      add_notice(changes, device, conversation, code, account);
    });
    tell_conversation(changes, device, id);
  }
}

/**
 * The person has taken the new key, or the old one is shown again.
 * @param {Changes} changes
 * @param {Device} device
 * @param {string} account
 */
export async function note_settled_member(changes, device, account) {
  for (const id of await groups_with(device, account)) {
    await changes.update("conversations", id, (/** @type {Conversation} */ conversation) => {
      const { group } = conversation;
      if (!group?.changed?.includes(account)) return;
      const left = group.changed.filter((other) => other !== account);
      if (left.length > 0) group.changed = left;
      else delete group.changed;
      if (left.length > 0 || conversation.stopped !== "identity_changed") return;
      Object.assign(conversation, { state: conversation.before_stop, stopped: null });
      changes.after(() => device.tasks.flush(id));
    });
    tell_conversation(changes, device, id);
  }
}

/** @param {Device} device @param {string} account @returns {Promise<string[]>} those that it is in, or was when it was asked about */
async function groups_with({ store }, account) {
  const rows = await store.list("conversations", { prefix: "" });
  const conversations = rows.map(({ value }) => /** @type {Conversation} */ (value));
  const is_in = (/** @type {Conversation} */ { group }) =>
    group?.changed?.includes(account) || group?.members.some((member) => member.account === account);
  return conversations.filter(is_in).map(({ id }) => id);
}
