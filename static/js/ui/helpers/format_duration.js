// @ts-check

/** @param {number} ms @returns {string} `0:07`, `12:30` */
export function format_duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
