// @ts-check
import { has_changed } from "../kit/changed.js";
import { reconcile } from "../kit/reconcile.js";
import { clone, find_part } from "../kit/template.js";
import { format_number } from "../language/spoken.js";
import { join_words, text } from "../texts.js";

/** @import { Message } from "../session_types.js" */
/** @import { Reaction } from "../message_types.js" */

/**
 * @param {HTMLElement} element of a message
 * @param {Message} message
 */
export function show_reactions(element, { reactions = [], deleted }) {
  const place = find_part(element, "reactions", HTMLElement);
  const shown = deleted === undefined ? reactions : [];
  if (!has_changed(place, shown)) return;
  place.hidden = shown.length === 0;
  reconcile(place, shown, { key: ({ emoji }) => emoji, create: () => clone("reaction"), update: fill_reaction });
}

/**
 * @param {HTMLElement} button
 * @param {Reaction} reaction
 */
function fill_reaction(button, { emoji, count, own, people }) {
  button.dataset.emoji = emoji;
  button.dataset.own = String(own);
  button.title = join_words(people);
  button.ariaLabel = text(own ? "reaction_own" : "reaction", { emoji, count, people: join_words(people) });
  find_part(button, "emoji", HTMLElement).textContent = emoji;
  find_part(button, "count", HTMLElement).textContent = count > 1 ? format_number(count) : "";
}
