// @ts-check
import { words_for_error } from "../error_words.js";
import { pick_two } from "../helpers/recovery_groups.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";

/** The form that asks for two groups of the recovery key. */
export class RecoveryConfirmation extends Controller {
  /** @type {[number, number]} */
  #asked = [0, 1];

  // Lifecycle

  /** @param {number} groups how many the key has */
  start(groups) {
    this.#asked = pick_two(groups, (below) => Math.floor(Math.random() * below));
    this.part("inputs").replaceChildren(...this.#asked.map(group_field));
    this.listen(this.element, "submit", (event) => this.#submit(event));
    this.listen(this.element, "input", () => this.#show_error(""));
  }

  // Actions

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const inputs = [...this.element.querySelectorAll("input")];
    const empty = inputs.find((input) => input.value.trim() === "");
    if (empty === undefined) await while_busy(this.part("submit"), () => this.#confirm(inputs));
    else {
      this.#show_error(text("recovery_group_missing"));
      empty.focus();
    }
  }

  // Internal

  /** @param {HTMLInputElement[]} inputs */
  async #confirm(inputs) {
    const groups = Object.fromEntries(inputs.map((input) => [input.dataset.index, input.value.trim()]));
    try {
      const { confirmed } = await this.commands.confirm_recovery_key({ groups });
      if (confirmed) return;
      this.#show_error(text("recovery_wrong", { first: this.#asked[0] + 1, second: this.#asked[1] + 1 }));
      inputs[0]?.focus();
    } catch (error) {
      this.#show_error(words_for_error(error));
    }
  }

  /** @param {string} words */
  #show_error(words) {
    this.part("error").textContent = words;
  }
}

/**
 * @param {number} index
 * @returns {HTMLElement}
 */
function group_field(index) {
  const field = clone("recovery-input");
  const input = find_part(field, "input", HTMLInputElement);
  const label = find_part(field, "label", HTMLLabelElement);
  input.id = label.htmlFor = `recovery-input-${index}`;
  input.dataset.index = String(index);
  label.textContent = text("recovery_group", { number: index + 1 });
  return field;
}
