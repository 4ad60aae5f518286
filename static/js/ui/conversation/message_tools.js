// @ts-check
import { can_react, message_actions } from "../helpers/message_actions.js";
import { Controller } from "../kit/controller.js";
import { clone, find_part } from "../kit/template.js";
import { MessageMenu } from "./message_menu.js";
import { WhoReacted } from "./who_reacted.js";

/** @import { Message } from "../session_types.js" */
/** @import { MessageDeeds } from "./message_deeds.js" */

const ROW = "[data-row=message]";
const LONG_PRESS_MS = 450;
const STILL = 10;

/** The bar beside the message that is pointed at or focused, and the menu by long press, key or button. */
export class MessageTools extends Controller {
  /** @type {(id: string) => Message | undefined} */
  #find = () => undefined;
  /** @type {MessageDeeds | undefined} */
  #deeds;
  #bar = clone("message-tools");
  #pointer = "mouse";
  #press_at = [0, 0];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #press;

  // Lifecycle

  /**
   * @param {MessageDeeds} deeds
   * @param {(id: string) => Message | undefined} find
   */
  start(deeds, find) {
    this.#deeds = deeds;
    this.#find = find;
    const rows = this.part("rows");
    this.listen(rows, "pointerover", (event) => event.pointerType === "mouse" && this.#show_at(event.target));
    this.listen(rows, "pointerleave", () => !this.#bar.contains(document.activeElement) && this.#bar.remove());
    this.listen(rows, "focusin", (event) => this.#show_at(event.target));
    this.listen(rows, "click", (event) => this.#clicked(event));
    this.listen(rows, "keydown", (event) => this.#pressed(event));
    this.listen(rows, "contextmenu", (event) => this.#asked(event));
    this.listen(rows, "pointerdown", (event) => this.#touched(event));
    for (const ending of /** @type {const} */ (["pointerup", "pointercancel", "pointermove"])) this.listen(rows, ending, (event) => this.#released(event));
    this.at_end(() => clearTimeout(this.#press));
  }

  // Actions

  /** @param {EventTarget | null} target */
  #show_at(target) {
    const row = row_of(target);
    const message = this.#message(row);
    if (row === null || message === undefined || this.#deeds === undefined || this.#bar.contains(document.activeElement)) return;
    const actions = message_actions(message, this.#deeds.state, this.#deeds.notes);
    find_part(this.#bar, "react", HTMLElement).hidden = !can_react(message, this.#deeds.state);
    find_part(this.#bar, "answer", HTMLElement).hidden = !actions.includes("reply");
    find_part(this.#bar, "more", HTMLElement).hidden = actions.length === 0;
    const line = find_part(row, "line", HTMLElement);
    if (this.#bar.parentElement !== line) line.append(this.#bar);
  }

  /** @param {MouseEvent} event */
  #clicked({ target }) {
    const row = row_of(target);
    const message = this.#message(row);
    const button = target instanceof Element ? target.closest("button") : null;
    if (row === null || message === undefined || button === null || this.#deeds === undefined) return;
    const { part, emoji } = button.dataset;
    if (emoji !== undefined) new WhoReacted("who-reacted", this.context).open_for(button, message, emoji, this.#deeds);
    else if (part === "answer") this.#deeds.do("reply", message);
    else if (part === "react") this.#menu(message, button, { only_reactions: true });
    else if (part === "more") this.#menu(message, button);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const row = row_of(event.target);
    const message = this.#message(row);
    const asks = event.key === "Enter" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
    if (row === null || event.target !== row || message === undefined || !asks) return;
    event.preventDefault();
    this.#pointer = "keyboard";
    this.#menu(message, find_part(row, "bubble", HTMLElement));
  }

  /** @param {MouseEvent} event a long press on Android, or the key; a mouse gets what the browser offers for words and links */
  #asked(event) {
    if (this.#pointer === "mouse") return;
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #touched({ pointerType, target, clientX, clientY }) {
    this.#pointer = pointerType;
    const row = row_of(target);
    const message = this.#message(row);
    const bubble = target instanceof Element ? target.closest(".bubble") : null;
    if (pointerType === "mouse" || row === null || message === undefined || bubble === null) return;
    this.#press_at = [clientX, clientY];
    clearTimeout(this.#press);
    this.#press = setTimeout(() => {
      navigator.vibrate?.(8);
      this.#menu(message, bubble, { held: true });
    }, LONG_PRESS_MS);
  }

  /** @param {PointerEvent} event */
  #released({ type, clientX, clientY }) {
    const [x, y] = this.#press_at;
    if (type === "pointermove" && Math.hypot(clientX - x, clientY - y) < STILL) return;
    clearTimeout(this.#press);
  }

  // Internal

  /**
   * @param {Message} message
   * @param {Element} anchor
   * @param {{ only_reactions?: boolean, held?: boolean }} [how]
   */
  #menu(message, anchor, how) {
    if (this.#deeds) new MessageMenu("message-menu", this.context).open_for(anchor, message, this.#deeds, how);
  }

  /**
   * @param {HTMLElement | null} row
   * @returns {Message | undefined}
   */
  #message(row) {
    return row?.dataset.id === undefined ? undefined : this.#find(row.dataset.id);
  }
}

/**
 * @param {EventTarget | null} target
 * @returns {HTMLElement | null}
 */
function row_of(target) {
  return target instanceof Element ? target.closest(ROW) : null;
}
