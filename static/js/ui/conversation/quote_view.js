// @ts-check
import { avatar_hue } from "../helpers/avatar.js";
import { plain_text } from "../helpers/text_parts.js";
import { has_changed } from "../kit/changed.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Message } from "../session_types.js" */

/**
 * What a message answers to, above its text; pressing it leads there.
 * @param {HTMLElement} element of a message
 * @param {Message} message
 * @param {string} own_account
 */
export function show_quote(element, { reply, deleted }, own_account) {
  const bubble = find_part(element, "bubble", HTMLElement);
  const shown = deleted === undefined ? reply : undefined;
  if (!has_changed(bubble, shown ?? null, "quote")) return;
  bubble.querySelector(".quote")?.remove();
  if (shown === undefined) return;
  const quote = clone("quote");
  const name = shown.author.account === own_account ? text("you") : shown.author.username;
  quote.dataset.target = shown.id;
  quote.dataset.hue = String(avatar_hue(shown.author.account));
  quote.toggleAttribute("disabled", !shown.here);
  find_part(quote, "quote_author", HTMLElement).textContent = name;
  find_part(quote, "quote_text", HTMLElement).textContent = plain_text(shown.text) || text(shown.here ? "quote_no_text" : "quote_gone");
  find_part(element, "files", HTMLElement).before(quote);
}
