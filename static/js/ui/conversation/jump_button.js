// @ts-check
import { counted } from "../helpers/plural.js";
import { find_part } from "../kit/template.js";
import { text } from "../texts.js";

/**
 * The way back to the newest message.
 * @param {HTMLElement} element of the conversation
 * @param {boolean} there whether that is in view
 * @param {number} unread how many have come since it was
 */
export function show_jump(element, there, unread) {
  const button = find_part(element, "jump", HTMLElement);
  button.hidden = there;
  button.dataset.unseen = String(unread);
  find_part(element, "jump_text", HTMLElement).textContent = unread === 0 ? text("jump") : counted("jump_new", unread);
}
