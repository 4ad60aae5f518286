// @ts-check
import { QUICK } from "../helpers/emoji_search.js";
import { clone } from "../kit/template.js";

/** @import { Message } from "../session_types.js" */

/**
 * @param {HTMLElement} place before its last button, which opens all of them
 * @param {Message} message
 */
export function fill_reaction_bar(place, { reactions = [] }) {
  const own = reactions.find((reaction) => reaction.own)?.emoji;
  const offered = own === undefined || QUICK.includes(own) ? QUICK : [own, ...QUICK.slice(0, -1)];
  const buttons = offered.map((emoji) => {
    const button = clone("quick-reaction");
    button.textContent = button.dataset.emoji = emoji;
    button.ariaChecked = String(emoji === own);
    return button;
  });
  place.prepend(...buttons);
}
