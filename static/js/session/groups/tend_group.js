// @ts-check
// What a group needs besides what is written in it.
import { describe } from "../../protocol/mls.js";
import { add_wanted } from "./add_people.js";
import { look_for_state } from "./answer_wishes.js";
import { give_history } from "./give_history.js";
import { take_history } from "./take_history.js";

/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */

/** Somebody else asked to be let out. @param {Device} device @param {string} mailbox */
export async function has_leaving(device, mailbox) {
  const group = await device.groups.find(mailbox);
  if (!group) return false;
  const { leaving, own_leaf, removed } = describe(group);
  return !removed && leaving.length > 0 && !leaving.includes(own_leaf);
}

/**
 * @param {Device} device
 * @param {Conversation} conversation
 * @returns {Promise<false>} nothing more is to be sent
 */
export async function tend_group(device, conversation) {
  const { id, group } = conversation;
  if (!group || conversation.state !== "active") return false;
  await look_for_state(device, conversation);
  if (group.giving) device.background(() => give_history(device, id));
  if (group.history) device.background(() => take_history(device, id));
  if (group.wanted) device.background(() => device.mutexes.run(`wanted/${id}`, () => add_wanted(device, id)));
  return false;
}
