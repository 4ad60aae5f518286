// @ts-check
// The index follows conversations at both ends by itself. What changes in between is noted here, in the transaction that does it.
import { sortable } from "../records.js";

/** @import { Changes } from "../../store/changes.js" */

export const CHANGED = "d/";

/** @param {string} conversation @param {number} order */
export const changed_id = (conversation, order) => `${CHANGED}${conversation}/${sortable(order)}`;

/**
 * @param {Changes} changes
 * @param {string} conversation
 * @param {number} order of a message that was put between others, says something else now, or is gone
 */
export function mark_changed(changes, conversation, order) {
  changes.put("search", changed_id(conversation, order), { conversation, order });
}
