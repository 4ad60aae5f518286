// @ts-check
// How the interface looks: of this browser, not of the account, and no secret.

import { choose_language } from "../language/use_language.js";

/**
 * Each choice with its values; the first one holds until another is chosen. `<html>` has them as data attributes.
 * @type {Record<Look, string[]>}
 */
const LOOKS = { appearance: ["system", "light", "dark"], contrast: ["system", "more"], density: ["comfortable", "compact"] };

const more_contrast = globalThis.matchMedia?.("(prefers-contrast: more)");

/** @typedef {"appearance" | "contrast" | "density"} Look */

/** Shows what was chosen here, and more contrast as soon as the system asks for it. */
export function show_looks() {
  for (const look of all_looks()) show(look);
  more_contrast?.addEventListener("change", () => show("contrast"));
}

/**
 * @param {Look} look
 * @returns {string}
 */
export function read_look(look) {
  const kept = read(key_of(look)) ?? "";
  return LOOKS[look].includes(kept) ? kept : LOOKS[look][0];
}

/**
 * @param {Look} look
 * @param {string} value
 */
export function choose_look(look, value) {
  try {
    if (value === LOOKS[look][0]) localStorage.removeItem(key_of(look));
    else localStorage.setItem(key_of(look), value);
  } catch {
    // Storage is switched off: it holds until the page is left.
  }
  show(look, value);
}

/** Everything as it is before somebody chooses. */
export function forget_looks() {
  choose_language("");
  for (const look of all_looks()) choose_look(look, LOOKS[look][0]);
}

/**
 * @param {Look} look
 * @param {string} [value]
 */
function show(look, value = read_look(look)) {
  const shown = look === "contrast" && value === "system" && more_contrast?.matches ? "more" : value;
  document.documentElement.dataset[look] = shown;
}

/** @returns {Look[]} */
function all_looks() {
  return /** @type {Look[]} */ (Object.keys(LOOKS));
}

/** @param {Look} look */
function key_of(look) {
  return `talk2me ${look}`;
}

/**
 * @param {string} key
 * @returns {string | null}
 */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
