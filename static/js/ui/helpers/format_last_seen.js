// @ts-check
import { text } from "../texts.js";
import { day_key, day_kind, day_label } from "./format_time.js";

/** @import { Clock } from "./format_time.js" */

/**
 * The server keeps days only, and they are days of UTC: told as such, whatever the zone of who reads it.
 * @param {string | null} day `2026-03-09`
 * @param {Clock} clock
 * @returns {string} `Used today`, `Last used on 3 March`
 */
export function format_last_seen(day, { locale, now }) {
  if (day === null) return text("seen_never");
  if (day >= day_key(now, "UTC")) return text("seen_today");
  return text("seen_on", { day: format_day(day, { locale, now }) });
}

/**
 * @param {string | null} day
 * @param {Clock} clock
 * @returns {string} `today`, `on Monday`, `on 9 March 2026`
 */
export function format_day(day, { locale, now }) {
  if (day === null) return "";
  const time = Date.parse(`${day}T12:00:00Z`);
  const clock = { locale, now, zone: "UTC" };
  return text(`in_sentence_${day_kind(time, clock)}`, { day: day_label(time, clock) });
}
