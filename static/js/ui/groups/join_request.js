// @ts-check
import { name_of } from "../helpers/group_words.js";
import { while_busy } from "../kit/busy.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Context } from "../context.js" */
/** @import { Message } from "../session_types.js" */

/**
 * Somebody asks to be let into a group: what a message of type `join_request` shows in place of a text.
 * @param {HTMLElement} element of a message of whatever type
 * @param {Message} message
 * @param {Context} context
 */
export function show_join_request(element, message, context) {
  if (message.type !== "join_request") return;
  const shown = element.querySelector(".join-request");
  if (shown instanceof HTMLElement) update_join_request(shown, message);
  else find_part(element, "text", HTMLElement).before(join_request_node(message, context));
}

/**
 * @param {Message} message
 * @param {Context} context
 * @returns {HTMLElement}
 */
function join_request_node(message, context) {
  const element = clone("join-request");
  const words = find_part(element, "join_words", HTMLElement);
  if (message.own) words.textContent = text("join_asked");
  else name_group(words, message, context).then((there) => (find_part(element, "join_accept", HTMLElement).hidden = !there));
  for (const accept of [true, false]) {
    const button = find_part(element, accept ? "join_accept" : "join_refuse", HTMLElement);
    button.addEventListener("click", () => while_busy(button, () => answer(element, message.id, accept, context)));
  }
  update_join_request(element, message);
  return element;
}

/**
 * @param {HTMLElement} element from `join_request_node`
 * @param {Message} message as it is now
 */
function update_join_request(element, { own, author, answered }) {
  const state = find_part(element, "join_state", HTMLElement);
  state.textContent = answered === undefined ? "" : text(`join_${answered}`, { name: author.username });
  element.dataset.answered = answered ?? "";
  find_part(element, "join_actions", HTMLElement).hidden = own || answered !== undefined;
}

/**
 * @param {HTMLElement} words
 * @param {Message} message
 * @param {Context} context
 * @returns {Promise<boolean>} whether oneself is in that group
 */
async function name_group(words, { author, group }, context) {
  const name = author.username;
  const found = group === undefined ? null : await context.session.queries.conversation({ id: group });
  const there = found?.state === "active";
  words.textContent = there ? text("join_asks", { name, group: name_of(found) }) : text("join_asks_unknown", { name });
  return there;
}

/**
 * @param {HTMLElement} element in the conversation that it was asked in
 * @param {string} id of the message
 * @param {boolean} accept
 * @param {Context} context
 */
async function answer(element, id, accept, context) {
  const pane = element.closest("[data-conversation]");
  const conversation = pane instanceof HTMLElement ? pane.dataset.conversation : undefined;
  if (conversation === undefined) return;
  try {
    await context.session.commands.answer_join_request({ conversation, id, accept });
  } catch (error) {
    context.toasts.warn_about(error);
  }
}
