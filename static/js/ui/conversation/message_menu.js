// @ts-check
import { can_react, message_actions } from "../helpers/message_actions.js";
import { make_icon } from "../kit/icon.js";
import { Popover } from "../kit/popover.js";
import { as_read } from "../kit/reading_direction.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { EmojiPicker } from "./emoji_picker.js";
import { fill_reaction_bar } from "./reaction_bar.js";

/** @import { Message } from "../session_types.js" */
/** @import { Action } from "../helpers/message_actions.js" */
/** @import { MessageDeeds } from "./message_deeds.js" */

const ITEM = "[role^=menuitem]";

/** Everything that can be done with one message; reactions on top. */
export class MessageMenu extends Popover {
  /**
   * @param {Element} anchor
   * @param {Message} message
   * @param {MessageDeeds} deeds
   * @param {{ only_reactions?: boolean, held?: boolean }} [how] `held`: by a finger that is still there
   */
  open_for(anchor, message, deeds, { only_reactions = false, held = false } = {}) {
    const reacts = can_react(message, deeds.state);
    const actions = only_reactions ? [] : message_actions(message, deeds.state, deeds.notes);
    if (!reacts && actions.length === 0) return;
    this.part("quick").hidden = !reacts;
    if (reacts) fill_reaction_bar(this.part("quick"), message);
    this.part("actions").hidden = actions.length === 0;
    this.part("actions").replaceChildren(...actions.map((action) => action_item(action, deeds.notes)));
    // The bar with the button may be elsewhere by then.
    const place = anchor.getBoundingClientRect();
    const pick = () => new EmojiPicker("emoji-picker", this.context).open_for(anchor, (emoji) => deeds.react(message, emoji), place);
    this.listen(this.element, "click", (event) => this.#clicked(event, message, deeds, pick));
    this.listen(this.element, "keydown", (event) => this.#moved(event));
    if (held) this.outlast_press();
    this.open_at(anchor);
    this.#items()[0]?.focus({ preventScroll: true });
  }

  // Actions

  /**
   * @param {MouseEvent} event
   * @param {Message} message
   * @param {MessageDeeds} deeds
   * @param {() => void} pick
   */
  #clicked({ target }, message, deeds, pick) {
    const item = target instanceof Element ? target.closest(ITEM) : null;
    if (!(item instanceof HTMLElement)) return;
    this.close();
    const { emoji, action } = item.dataset;
    if (emoji !== undefined) deeds.react(message, emoji);
    else if (action !== undefined) deeds.do(/** @type {Action} */ (action), message);
    else pick();
  }

  /** @param {KeyboardEvent} event */
  #moved(event) {
    const items = this.#items();
    const index = items.findIndex((item) => item === document.activeElement);
    const next = next_index(as_read(event.key), items, index);
    if (event.key === "Tab") this.close();
    if (next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  }

  // Internal

  /** @returns {HTMLElement[]} */
  #items() {
    return [...this.element.querySelectorAll(ITEM)].filter((item) => item instanceof HTMLElement && item.closest("[hidden]") === null).map((item) => /** @type {HTMLElement} */ (item));
  }
}

/**
 * @param {string} key
 * @param {HTMLElement[]} items reactions stand side by side, the others below one another
 * @param {number} index
 * @returns {number | undefined}
 */
function next_index(key, items, index) {
  const first = items.findIndex((item) => item.dataset.action !== undefined);
  const beside = index < first || first < 0;
  if (key === "ArrowRight" || (key === "ArrowDown" && !beside)) return (index + 1) % items.length;
  if (key === "ArrowLeft" || (key === "ArrowUp" && !beside && index > first)) return (index - 1 + items.length) % items.length;
  if (key === "ArrowDown") return Math.max(first, 0);
  if (key === "ArrowUp") return beside ? items.length - 1 : 0;
  if (key === "Home") return 0;
  return key === "End" ? items.length - 1 : undefined;
}

/**
 * @param {Action} action
 * @param {boolean} notes of a note to oneself
 * @returns {HTMLElement}
 */
function action_item(action, notes) {
  const item = clone("menu-item");
  item.dataset.action = action;
  item.dataset.danger = String(action === "delete_all" || action === "delete_own");
  find_part(item, "words", HTMLElement).textContent = text(notes && action === "delete_all" ? "action_delete_note" : `action_${action}`);
  item.prepend(make_icon(`act-${action.replace(/_(own|all)$/, "")}`));
  return item;
}
