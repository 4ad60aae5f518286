// @ts-check
import { text } from "../texts.js";
import { day_key, day_label } from "./format_time.js";

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
  const time = Date.parse(`${day}T12:00:00Z`);
  return text("seen_on", { day: in_sentence(day_label(time, { locale, now, zone: "UTC" })) });
}

/**
 * @param {string | null} day
 * @param {Clock} clock
 * @returns {string} `9 March 2026`
 */
export function format_day(day, { locale, now }) {
  if (day === null) return "";
  return in_sentence(day_label(Date.parse(`${day}T12:00:00Z`), { locale, now, zone: "UTC" }));
}

/**
 * @param {string} label
 * @returns {string}
 */
function in_sentence(label) {
  if (label === text("today") || label === text("yesterday")) return label.toLowerCase();
  return text("on_day", { day: label });
}
