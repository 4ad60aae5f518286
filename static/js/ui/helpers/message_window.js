// @ts-check
// A conversation may have more messages than a page can hold: what is shown is a window of it, without gaps.

/** @import { Message } from "../session_types.js" */

/** Messages fetched at once. */
export const PAGE = 24;
/** Messages held at most: several screenfuls, and few enough that all of them are drawn in a moment. */
export const MOST = 120;

/**
 * @typedef {object} Window
 * @property {Message[]} messages oldest first
 * @property {boolean} older there may be older ones
 * @property {boolean} newer there are newer ones
 */

/** @type {Window} */
export const EMPTY = { messages: [], older: false, newer: false };

/**
 * @param {Message[]} newest
 * @param {number} limit how many were asked for
 * @param {number} [marker] the order of the first that is new: the window begins there, even where more is new than it holds
 * @returns {Window}
 */
export function open_window(newest, limit, marker) {
  const older = newest.length >= limit;
  const start = newest.findIndex(({ order }) => order === marker);
  if (start < 0 || newest.length - start <= MOST) return trim_start({ messages: newest, older, newer: false });
  const from = Math.max(0, start - PAGE / 2);
  return { messages: newest.slice(from, from + MOST), older: older || from > 0, newer: true };
}

/**
 * @param {Window} window
 * @param {Message[]} found those before the oldest
 * @returns {Window} without the newest, where it would be too long
 */
export function add_older({ messages, newer }, found) {
  const all = [...found, ...messages];
  return { messages: all.slice(0, MOST), older: found.length >= PAGE, newer: newer || all.length > MOST };
}

/**
 * @param {Window} window
 * @param {Message[]} found those after the newest
 * @returns {Window} without the oldest, where it would be too long
 */
export function add_newer({ messages, older }, found) {
  return trim_start({ messages: [...messages, ...found], older, newer: found.length >= PAGE });
}

/**
 * @param {Window} window
 * @param {Message[]} found everything from its oldest on
 * @param {number} limit how many were asked for
 * @param {boolean} follows whether somebody reads at the end, so that what is new pushes out what is old
 * @returns {Window} as it is now
 */
export function refresh_window({ older, newer }, found, limit, follows) {
  if (follows && !newer && found.length < limit) return trim_start({ messages: found, older, newer: false });
  return { messages: found.slice(0, MOST), older, newer: found.length > MOST || found.length >= limit };
}

/**
 * @param {Window} window
 * @returns {Window}
 */
function trim_start({ messages, older, newer }) {
  return { messages: messages.slice(-MOST), older: older || messages.length > MOST, newer };
}
