// @ts-check
import { tidy_name } from "../helpers/name_rules.js";
import { count_characters, KEY_CHARACTERS } from "../helpers/recovery_groups.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { group_while_typing } from "../kit/key_field.js";
import { text } from "../texts.js";
import { fill_device_name } from "./device_name_field.js";
import { show_screen } from "./show_screen.js";
import { words_at_start } from "./words_at_start.js";

/** Name and recovery key make this browser a device of the account. */
export class RecoverScreen extends Controller {
  #username = this.part("username", HTMLInputElement);
  #key = this.part("key", HTMLInputElement);
  #device_name = fill_device_name(this.part("device_name", HTMLInputElement));

  // Lifecycle

  start() {
    group_while_typing(this.#key, this.ending);
    this.listen(this.part("back"), "click", () => show_screen(this.element, "choice"));
    this.listen(this.part("start_over"), "click", () => show_screen(this.element, "start_over"));
    this.listen(this.part("form"), "submit", (event) => this.#submit(event));
    this.listen(this.part("form"), "input", () => this.#show_error(""));
  }

  // Actions

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const problem = this.#problem();
    this.#show_error(problem);
    if (problem === "") await while_busy(this.part("submit"), () => this.#recover());
  }

  // Internal

  async #recover() {
    this.part("progress").textContent = text("recovering");
    try {
      await this.commands.recover_account({
        username: tidy_name(this.#username.value),
        recovery_key: this.#key.value.trim(),
        device_name: this.#device_name(),
      });
    } catch (error) {
      this.#show_error(words_at_start(error, this.context));
    } finally {
      this.part("progress").textContent = "";
    }
  }

  /** @returns {string} what is wrong with what was typed; empty when nothing */
  #problem() {
    const count = count_characters(this.#key.value);
    if (tidy_name(this.#username.value) === "") return text("name_missing");
    if (count === 0) return text("import_key_missing");
    return count === KEY_CHARACTERS ? "" : text("import_key_length", { count });
  }

  /** @param {string} words */
  #show_error(words) {
    this.part("error").textContent = words;
  }
}
