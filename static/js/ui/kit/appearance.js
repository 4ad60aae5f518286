// @ts-check
// Light, dark, or as the system: of this browser, not of the account, and no secret.

const KEY = "talk2me appearance";

/** @typedef {"system" | "light" | "dark"} Appearance */

/** @returns {Appearance} */
export function read_appearance() {
  const kept = read();
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** @param {Appearance} appearance */
export function set_appearance(appearance) {
  document.documentElement.dataset.appearance = appearance;
  try {
    if (appearance === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, appearance);
  } catch {
    // Storage is switched off: it holds until the page is left.
  }
}

/** @returns {string | null} */
function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
