// @ts-check
import { format_number } from "../language/spoken.js";
import { join_words, text } from "../texts.js";
import { counted } from "./plural.js";

/** @import { Archive } from "../device_types.js" */

const MINUTE = 60;
const UNITS = /** @type {const} */ ([
  [1e9, "size_gb"],
  [1e6, "size_mb"],
  [1e3, "size_kb"],
]);

/**
 * @param {number} bytes
 * @returns {string} `3.4 MB`, `120 kB`
 */
export function format_size(bytes) {
  const [size, unit] = UNITS.find(([least]) => bytes >= least) ?? [1, "size_b"];
  const value = bytes / size;
  const digits = value < 10 && size > 1e3 ? 1 : 0;
  return text(unit, { size: format_number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits }) });
}

/**
 * @param {number | null} seconds
 * @returns {string} `about 3 minutes left`; empty where nobody knows
 */
export function format_left(seconds) {
  if (seconds === null) return "";
  if (seconds < MINUTE) return text("left_soon");
  return counted("left_minutes", Math.round(seconds / MINUTE));
}

/**
 * @param {Archive} archive while it is restored
 * @returns {string} `1,200 of 9,000 messages, 3.4 of 20 MB, about 3 minutes left`
 */
export function restoring_words({ done, total, bytes, bytes_total, seconds_left }) {
  const messages = text("restoring_messages", { done, total });
  const sizes = text("restoring_sizes", { done: format_size(bytes), total: format_size(bytes_total) });
  return join_words([messages, sizes, format_left(seconds_left)]);
}

/**
 * @param {Archive} archive
 * @returns {string} one line for the settings
 */
export function archive_line(archive) {
  const { state, waiting } = archive;
  if (state === "restoring") return restoring_words(archive);
  if (waiting > 0 && (state === "writing" || state === "idle")) return counted("archive_waiting", waiting);
  return text(`archive_${state}`);
}
