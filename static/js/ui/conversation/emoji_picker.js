// @ts-check
import { find_emoji } from "../helpers/emoji_search.js";
import { Popover } from "../kit/popover.js";
import { as_read } from "../kit/reading_direction.js";
import { make } from "../kit/template.js";
import { load_emoji_names } from "../language/load_emoji_names.js";
import { key_for, text } from "../texts.js";

/** @import { Emoji, EmojiGroup } from "../helpers/emoji_search.js" */

/** As many beside one another as the style sheet gives room for. */
const COLUMNS = 8;
const CELL = ".emoji";

/** Every emoji, by kind or by name. */
export class EmojiPicker extends Popover {
  /** @type {EmojiGroup[]} */
  #groups = [];
  /** Of the names. */
  #language = "en";
  #search = this.part("search", HTMLInputElement);

  /**
   * @param {Element} anchor
   * @param {(emoji: string) => void} on_choice
   * @param {DOMRect} [place] where the anchor was
   */
  async open_for(anchor, on_choice, place) {
    this.listen(this.#search, "input", () => this.#searched());
    this.listen(this.part("kinds"), "click", (event) => this.#turned(event));
    this.listen(this.part("grid"), "click", (event) => this.#chose(event.target, on_choice));
    this.listen(this.part("grid"), "pointerover", (event) => this.#name(event.target));
    this.listen(this.part("grid"), "focusin", (event) => this.#name(event.target));
    this.listen(this.element, "keydown", (event) => this.#moved(event));
    this.open_at(anchor, place);
    if (matchMedia("(pointer: fine)").matches) this.#search.focus({ preventScroll: true });
    try {
      const { language, groups } = await load_emoji_names(document.documentElement.lang);
      this.#language = language;
      this.#groups = groups.map(([name, entries]) => ({ name, emoji: entries.map(([emoji, label, tags]) => ({ emoji, name: label, tags })) }));
      if (!this.ending.aborted) this.#show_kinds();
    } catch (error) {
      this.context.toasts.warn_about(error);
      this.close();
    }
  }

  // Actions

  #searched() {
    const query = this.#search.value;
    if (query.trim() === "") this.#show_group(this.#groups[0]);
    else this.#show(find_emoji(this.#groups, query), "");
  }

  /** @param {MouseEvent} event */
  #turned({ target }) {
    const button = target instanceof Element ? target.closest("button") : null;
    const group = this.#groups.find(({ name }) => name === button?.dataset.kind);
    if (group === undefined) return;
    this.#search.value = "";
    this.#show_group(group);
  }

  /**
   * @param {EventTarget | null} target
   * @param {(emoji: string) => void} on_choice
   */
  #chose(target, on_choice) {
    const cell = target instanceof Element ? target.closest(CELL) : null;
    if (cell === null) return;
    this.close();
    on_choice(cell.textContent ?? "");
  }

  /** @param {KeyboardEvent} event */
  #moved(event) {
    const cells = [...this.part("grid").querySelectorAll(CELL)].map((cell) => /** @type {HTMLElement} */ (cell));
    const index = cells.findIndex((cell) => cell === document.activeElement);
    if (event.target === this.#search && event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      cells[0]?.click();
    } else if (event.target === this.#search && event.key === "ArrowDown") {
      event.preventDefault();
      cells[0]?.focus();
    } else if (index >= 0) this.#step(event, cells, index);
  }

  // Internal

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement[]} cells
   * @param {number} index
   */
  #step(event, cells, index) {
    const steps = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS });
    const next = event.key === "Home" ? 0 : event.key === "End" ? cells.length - 1 : index + (steps[as_read(event.key)] ?? NaN);
    if (Number.isNaN(next)) return;
    event.preventDefault();
    if (next < 0) this.#search.focus();
    else cells[Math.min(next, cells.length - 1)]?.focus();
  }

  #show_kinds() {
    const buttons = this.#groups.map(({ name, emoji: [first] }) => {
      const button = /** @type {HTMLButtonElement} */ (make("button", first.emoji));
      button.type = "button";
      button.className = "emoji-kind";
      button.dataset.kind = name;
      button.title = button.ariaLabel = text(key_for("emoji", name));
      return button;
    });
    this.part("kinds").replaceChildren(...buttons);
    this.#searched();
  }

  /** @param {EmojiGroup | undefined} group */
  #show_group(group) {
    if (group !== undefined) this.#show(group.emoji, group.name);
  }

  /**
   * @param {Emoji[]} emoji
   * @param {string} kind
   */
  #show(emoji, kind) {
    for (const button of this.part("kinds").children) button.ariaPressed = String(/** @type {HTMLElement} */ (button).dataset.kind === kind);
    const cells = emoji.map((one, index) => {
      const cell = /** @type {HTMLButtonElement} */ (make("button", one.emoji));
      cell.type = "button";
      cell.className = "emoji";
      cell.ariaLabel = one.name;
      cell.lang = this.#language;
      cell.tabIndex = index === 0 ? 0 : -1;
      return cell;
    });
    this.part("grid").replaceChildren(...cells);
    this.part("grid").scrollTop = 0;
    this.part("name").textContent = emoji.length === 0 ? text("emoji_none") : kind === "" ? "" : text(key_for("emoji", kind));
  }

  /** @param {EventTarget | null} target */
  #name(target) {
    const cell = target instanceof Element ? target.closest(CELL) : null;
    if (cell !== null) this.part("name").textContent = cell.ariaLabel;
  }
}
