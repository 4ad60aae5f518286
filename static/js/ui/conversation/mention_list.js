// @ts-check
import { matching_members, mention_at } from "../helpers/mention_query.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { Controller } from "../kit/controller.js";
import { clone, find_part } from "../kit/template.js";

/** @import { Person } from "../session_types.js" */

/** Who can be meant by the @ that is being typed. The caret stays in the text; arrows choose, Enter or Tab takes. */
export class MentionList extends Controller {
  #input = this.part("input", HTMLTextAreaElement);
  #list = this.part("mentions");
  /** @type {Person[]} */
  #members = [];
  /** @type {Person[]} */
  #shown = [];
  #chosen = 0;
  #start = 0;

  // Lifecycle

  start() {
    this.#input.setAttribute("aria-autocomplete", "list");
    this.#input.setAttribute("aria-controls", this.#list.id);
    this.listen(this.#input, "input", () => this.#look());
    this.listen(this.#input, "blur", () => this.#hide());
    // Before the field loses the focus, and with it the caret.
    this.listen(this.#list, "pointerdown", (event) => this.#pressed(event));
  }

  // Actions

  /** @param {Person[]} members who can be meant */
  know(members) {
    const same = members.map(({ account }) => account).join() === this.#members.map(({ account }) => account).join();
    this.#members = members;
    // Whoever has come meanwhile may be the one that is being typed.
    if (!same && document.activeElement === this.#input) this.#look();
  }

  /**
   * @param {KeyboardEvent} event in the field
   * @returns {boolean} whether it was for this list
   */
  takes(event) {
    if (this.#list.hidden || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) this.#choose((this.#chosen + step + this.#shown.length) % this.#shown.length);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#shown[this.#chosen]);
    else if (event.key === "Escape") this.#hide();
    else return false;
    event.preventDefault();
    return true;
  }

  #look() {
    const { value, selectionStart } = this.#input;
    const typed = mention_at(value, selectionStart);
    this.#shown = typed === null ? [] : matching_members(this.#members, typed.query);
    this.#start = typed?.start ?? 0;
    if (this.#shown.length === 0) {
      this.#hide();
      return;
    }
    this.#list.replaceChildren(...this.#shown.map(option));
    this.#list.hidden = false;
    this.#choose(0);
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    event.preventDefault();
    const index = event.target instanceof Element ? event.target.closest("[role=option]")?.id.replace(/\D/g, "") : undefined;
    if (index !== undefined) this.#take(this.#shown[Number(index)]);
  }

  // Internal

  /** @param {number} index */
  #choose(index) {
    this.#chosen = index;
    for (const [at, item] of [...this.#list.children].entries()) item.ariaSelected = String(at === index);
    this.#input.setAttribute("aria-activedescendant", `mention-${index}`);
    this.#list.children[index]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Person | undefined} person */
  #take(person) {
    if (person === undefined) return;
    const { value, selectionStart } = this.#input;
    this.#hide();
    this.#input.setRangeText(`@${person.username}${/^\s/.test(value.slice(selectionStart)) ? "" : " "}`, this.#start, selectionStart, "end");
    this.#input.dispatchEvent(new Event("input"));
  }

  #hide() {
    this.#list.hidden = true;
    this.#input.removeAttribute("aria-activedescendant");
  }
}

/**
 * @param {Person} person
 * @param {number} index
 * @returns {HTMLElement}
 */
function option(person, index) {
  const item = clone("mention-option");
  item.id = `mention-${index}`;
  draw_avatar(find_part(item, "avatar", HTMLElement), person);
  find_part(item, "name", HTMLElement).textContent = person.username;
  return item;
}
