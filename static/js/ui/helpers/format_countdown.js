// @ts-check

/**
 * @param {number} seconds
 * @returns {string} `4:05`
 */
export function format_countdown(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
