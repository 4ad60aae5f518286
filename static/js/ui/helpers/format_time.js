// @ts-check
// Times as people read them. `zone` is an IANA name, for tests; the browser's own when left out.

import { text } from "../texts.js";

const DAY = 24 * 60 * 60 * 1000;

/** @typedef {{ locale: string, now: number, zone?: string }} Clock now in unix ms */

/**
 * @param {number} time unix ms
 * @param {string | undefined} zone
 * @returns {string} `2025-03-09` there; two times are on one day when these are equal
 */
export function day_key(time, zone) {
  return format(time, "en-CA", zone, { year: "numeric", month: "2-digit", day: "2-digit" });
}

/**
 * @param {number} time
 * @param {Clock} clock
 * @returns {string} `14:05`
 */
export function time_of_day(time, { locale, zone }) {
  return format(time, locale, zone, { hour: "numeric", minute: "2-digit" });
}

/**
 * @param {number} time
 * @param {Clock} clock
 * @returns {"today" | "yesterday" | "weekday" | "date"} by what a day is called
 */
export function day_kind(time, { now, zone }) {
  const key = day_key(time, zone);
  if (key === day_key(now, zone)) return "today";
  if (key === day_key(now - DAY, zone)) return "yesterday";
  return time < now && now - time < 6 * DAY ? "weekday" : "date";
}

/**
 * @param {number} time
 * @param {Clock} clock
 * @returns {string} `Today`, `Yesterday`, `Monday`, `9 March`, `9 March 2024`
 */
export function day_label(time, { locale, now, zone }) {
  const kind = day_kind(time, { locale, now, zone });
  if (kind === "today" || kind === "yesterday") return text(kind);
  if (kind === "weekday") return format(time, locale, zone, { weekday: "long" });
  const same_year = day_key(time, zone).slice(0, 4) === day_key(now, zone).slice(0, 4);
  return format(time, locale, zone, { day: "numeric", month: "long", ...(same_year ? {} : { year: "numeric" }) });
}

/**
 * @param {number} time
 * @param {Clock} clock
 * @returns {string} for the list: `14:05` today, else the shortest that says the day
 */
export function short_time(time, { locale, now, zone }) {
  const key = day_key(time, zone);
  if (key === day_key(now, zone)) return time_of_day(time, { locale, now, zone });
  if (key === day_key(now - DAY, zone)) return text("yesterday");
  if (time < now && now - time < 6 * DAY) return format(time, locale, zone, { weekday: "short" });
  const same_year = key.slice(0, 4) === day_key(now, zone).slice(0, 4);
  return format(time, locale, zone, same_year ? { day: "numeric", month: "short" } : { day: "numeric", month: "numeric", year: "2-digit" });
}

/**
 * @param {number} time
 * @param {Clock} clock
 * @returns {string} `Today, 14:05`, `9 March, 14:05`
 */
export function day_and_time(time, clock) {
  return text("day_and_time", { day: day_label(time, clock), time: time_of_day(time, clock) });
}

/**
 * @param {number} time
 * @param {Clock} clock
 * @returns {string} `9 March 2025`
 */
export function full_date(time, { locale, zone }) {
  return format(time, locale, zone, { day: "numeric", month: "long", year: "numeric" });
}

/**
 * @param {number} time
 * @param {Clock} clock
 * @returns {string} `Sunday, 9 March 2025 at 14:05`
 */
export function full_time(time, { locale, zone }) {
  return format(time, locale, zone, { dateStyle: "full", timeStyle: "short" });
}

/**
 * @param {number} time
 * @param {string} locale
 * @param {string | undefined} zone
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {string}
 */
function format(time, locale, zone, options) {
  return formatter(locale, zone, JSON.stringify(options)).format(time);
}

/** @type {Map<string, Intl.DateTimeFormat>} making a formatter costs more than a thousand uses of it */
const made = new Map();

/**
 * @param {string} locale
 * @param {string | undefined} zone
 * @param {string} options as JSON
 * @returns {Intl.DateTimeFormat}
 */
function formatter(locale, zone, options) {
  const key = `${locale} ${zone} ${options}`;
  const known = made.get(key) ?? new Intl.DateTimeFormat(locale, { ...JSON.parse(options), timeZone: zone });
  made.set(key, known);
  return known;
}
