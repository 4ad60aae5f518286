// @ts-check
import { unpack } from "../../codec/msgpack.js";

/** @import { Conversation } from "../records.js" */
/** @import { Settings } from "../../protocol/group_state.js" */

/**
 * After how many seconds what is written in a conversation now is to disappear.
 * @param {Pick<Conversation, "timer" | "group">} conversation a group's settings are only kept once they were checked
 * @returns {number} 0 for never
 */
export function timer_of({ timer = 0, group }) {
  if (!group) return timer;
  return group.settings ? /** @type {Settings} */ (unpack(group.settings.value)).timer : 0;
}
