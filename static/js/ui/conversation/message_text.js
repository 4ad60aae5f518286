// @ts-check
import { is_emoji_only, text_parts } from "../helpers/text_parts.js";
import { has_changed } from "../kit/changed.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { text_nodes } from "./text_nodes.js";

/** @import { Message } from "../session_types.js" */

/** Characters and lines of a text that are shown at first: a page full of the longest ones stays quick. */
const SHOWN = 1500;
const SHOWN_LINES = 24;

/**
 * @param {HTMLElement} element of a message
 * @param {Message} message
 * @param {string} own_name
 */
export function show_text(element, message, own_name) {
  const { type, text: words = "", mentions = [], deleted } = message;
  const place = find_part(element, "text", HTMLElement);
  const bubble = find_part(element, "bubble", HTMLElement);
  if (!has_changed(place, [type, words, mentions, deleted])) return;
  bubble.dataset.deleted = String(deleted !== undefined);
  bubble.dataset.emoji = String(deleted === undefined && is_emoji_only(words));
  place.hidden = false;
  element.querySelector(".message-more")?.remove();
  if (deleted !== undefined) place.textContent = text(message.own ? "deleted_own" : "deleted");
  else if (type === "unknown") place.textContent = text("unknown_message");
  else {
    place.hidden = words === "";
    fill(place, message, own_name);
  }
}

/**
 * @param {HTMLElement} place
 * @param {Message} message
 * @param {string} own_name
 */
function fill(place, { text: words = "", mentions = [] }, own_name) {
  const names = mentions.map(({ username }) => username);
  const beginning = beginning_of(words);
  place.replaceChildren(...text_nodes(text_parts(beginning, names), own_name));
  if (beginning === words) return;
  const more = clone("message-more");
  find_part(more, "show", HTMLElement).addEventListener("click", () => {
    more.remove();
    place.replaceChildren(...text_nodes(text_parts(words, names), own_name));
  });
  place.after(more);
}

/**
 * @param {string} words
 * @returns {string} all of it, or as much as is shown at first
 */
export function beginning_of(words) {
  const lines = words.split("\n", SHOWN_LINES + 1);
  const few = lines.length > SHOWN_LINES ? lines.slice(0, SHOWN_LINES).join("\n") : words;
  // Not much is hidden for little: a button in its place would be as long.
  if (few.length <= SHOWN * 1.2) return few;
  return `${[...few.slice(0, SHOWN)].join("").replace(/\S*$/, "").trimEnd() || few.slice(0, SHOWN)}…`;
}
