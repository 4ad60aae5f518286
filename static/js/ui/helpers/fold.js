// @ts-check

/**
 * @param {string} words
 * @returns {string} without case and accents, for comparing what was typed
 */
export function fold(words) {
  return words.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
