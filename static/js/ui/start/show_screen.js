// @ts-check
/** @import { ScreenName } from "../screens.js" */

/**
 * Asks for another screen, from inside one.
 * @param {Element} element
 * @param {ScreenName} name
 */
export function show_screen(element, name) {
  element.dispatchEvent(new CustomEvent("show-screen", { detail: name, bubbles: true }));
}
