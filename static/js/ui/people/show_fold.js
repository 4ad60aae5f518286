// @ts-check
import { clone } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Message } from "../session_types.js" */

/**
 * In a group, what somebody blocked has written is folded away: one sees that there is something, and may look.
 * @param {HTMLElement} element of the message
 * @param {Message} message
 */
export function show_fold(element, { author, blocked: is_blocked }) {
  const fold = element.querySelector(".message-fold");
  const blocked = is_blocked === true;
  if (blocked === (fold !== null)) return;
  if (!blocked) {
    fold?.remove();
    delete element.dataset.folded;
    return;
  }
  const made = clone("message-fold");
  const toggle = () => {
    const folded = element.dataset.folded !== "true";
    element.dataset.folded = String(folded);
    made.ariaExpanded = String(!folded);
    made.textContent = text(folded ? "fold_open" : "fold_close", { name: author.username });
  };
  made.addEventListener("click", toggle);
  element.prepend(made);
  toggle();
}
