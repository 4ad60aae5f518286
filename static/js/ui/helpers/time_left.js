// @ts-check
import { text } from "../texts.js";
import { counted } from "./plural.js";

const SECOND = 1000;
const UNITS = /** @type {const} */ ([
  ["weeks", 7 * 24 * 3600 * SECOND],
  ["days", 24 * 3600 * SECOND],
  ["hours", 3600 * SECOND],
  ["minutes", 60 * SECOND],
  ["seconds", SECOND],
]);

/** What can be chosen for messages that disappear: seconds; 0 for never. */
export const TIMERS = [0, 30, 300, 3600, 8 * 3600, 24 * 3600, 7 * 24 * 3600, 28 * 24 * 3600];

/**
 * @param {number} ms
 * @returns {string} `1 week`, `8 hours`, `30 seconds`: in the largest unit that there is a whole one of, rounded up
 */
export function time_left(ms) {
  const { unit, count } = in_units(ms);
  return counted(`time_${unit}`, count);
}

/**
 * @param {number} ms
 * @returns {string} `8 h`, for where there is little room
 */
export function short_time_left(ms) {
  const { unit, count } = in_units(ms);
  return text(`short_${unit}`, { count });
}

/**
 * @param {number} ms
 * @returns {{ unit: typeof UNITS[number][0], count: number }}
 */
function in_units(ms) {
  const [unit, length] = UNITS.find(([, size]) => ms >= size) ?? UNITS[UNITS.length - 1];
  return { unit, count: Math.max(0, Math.ceil(ms / length)) };
}
