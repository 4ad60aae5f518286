// @ts-check
// Whether one key alone opens the list of shortcuts: whoever speaks to the computer can do without (WCAG 2.1.4).

const KEY = "talk2me help key";

/** @returns {boolean} */
export function help_key_is_on() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on in this browser */
export function set_help_key(on) {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // Storage is switched off: then it can't be kept.
  }
}
