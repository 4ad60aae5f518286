// @ts-check
import { avatar_hue, initials } from "../helpers/avatar.js";

/** @import { Person } from "../session_types.js" */

/**
 * @param {Element} element
 * @param {Person} person
 */
export function draw_avatar(element, { account, username }) {
  element.textContent = initials(username);
  /** @type {HTMLElement} */ (element).dataset.hue = String(avatar_hue(account));
}
