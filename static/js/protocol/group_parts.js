// @ts-check
// The names of the parts of what a group has agreed on (group_state.js).

/** @import { PartName } from "./group_state.js" */

/** @type {PartName[]} */
export const PARTS = ["roles", "rights", "settings"];

/** @param {unknown} value @returns {value is PartName} */
export function is_part_name(value) {
  return /** @type {unknown[]} */ (PARTS).includes(value);
}
