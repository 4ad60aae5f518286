// @ts-check

const SHORTEST = 8;
const LONG = 20;

/** @typedef {"short" | "fair" | "good"} PassphraseStrength */

/**
 * By length only: what else makes a passphrase good can't be seen by looking at it.
 * @param {string} passphrase
 * @returns {PassphraseStrength}
 */
export function passphrase_strength(passphrase) {
  const { length } = [...passphrase.normalize("NFC")];
  if (length < SHORTEST) return "short";
  return length < LONG ? "fair" : "good";
}

/**
 * @param {string} passphrase
 * @param {string} again
 * @returns {"passphrase_missing" | "passphrase_short" | "passphrase_differs" | null} the key of the text for what is wrong
 */
export function passphrase_problem(passphrase, again) {
  if (passphrase === "") return "passphrase_missing";
  if (passphrase_strength(passphrase) === "short") return "passphrase_short";
  return passphrase === again ? null : "passphrase_differs";
}
