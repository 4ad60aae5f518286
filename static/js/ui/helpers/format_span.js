// @ts-check
import { counted } from "./plural.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * @param {number} ms of either sign
 * @returns {string} `20 minutes`, `3 hours`, `2 days`: in the unit in which it is at least two
 */
export function format_span(ms) {
  const length = Math.abs(ms);
  if (length < 2 * HOUR) return counted("span_minutes", Math.round(length / MINUTE));
  if (length < 2 * DAY) return counted("span_hours", Math.round(length / HOUR));
  return counted("span_days", Math.round(length / DAY));
}
