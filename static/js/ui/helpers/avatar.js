// @ts-check

const HUES = 8;

/**
 * @param {string} username
 * @returns {string} one or two letters: the beginnings of the name's parts
 */
export function initials(username) {
  const parts = username.split(/[\s._-]+/u).filter(Boolean);
  const letters = parts.length > 1 ? parts.slice(0, 2).map((part) => [...part][0]) : [...(parts[0] ?? "?")].slice(0, 1);
  return letters.join("").toLocaleUpperCase("en");
}

/**
 * @param {string} account the id, so that a colour stays with the account whatever its name
 * @returns {number} 0 to 7
 */
export function avatar_hue(account) {
  let sum = 0;
  for (const letter of account) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum % HUES;
}
