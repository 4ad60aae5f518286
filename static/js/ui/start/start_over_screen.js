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

/** A new identity for an old name: by the recovery key, or by a code of whoever runs the server. */
export class StartOverScreen extends Controller {
  #username = this.part("username", HTMLInputElement);
  #key = this.part("key", HTMLInputElement);
  #code = this.part("code", HTMLInputElement);
  #device_name = fill_device_name(this.part("device_name", HTMLInputElement));

  // Lifecycle

  start() {
    group_while_typing(this.#key, this.ending);
    this.listen(this.part("back"), "click", () => show_screen(this.element, "recover"));
    this.listen(this.part("ways"), "change", () => this.#show_way());
    this.listen(this.part("form"), "submit", (event) => this.#submit(event));
    this.listen(this.part("form"), "input", () => this.#show_error(""));
    this.#show_way();
  }

  // Actions

  #show_way() {
    this.part("key_field").hidden = this.#way() !== "key";
    this.part("code_field").hidden = this.#way() !== "code";
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const problem = this.#problem();
    this.#show_error(problem);
    if (problem === "") await while_busy(this.part("submit"), () => this.#start_over());
  }

  // Internal

  async #start_over() {
    const proof = this.#way() === "key" ? { recovery_key: this.#key.value.trim() } : { code: this.#code.value.trim() };
    this.part("progress").textContent = text("starting_over");
    try {
      await this.commands.reset_account({ username: tidy_name(this.#username.value), ...proof, device_name: this.#device_name() });
    } catch (error) {
      this.#show_error(words_at_start(error, this.context));
    } finally {
      this.part("progress").textContent = "";
    }
  }

  /** @returns {"key" | "code"} */
  #way() {
    return this.part("way_key", HTMLInputElement).checked ? "key" : "code";
  }

  /** @returns {string} what is wrong with what was typed; empty when nothing */
  #problem() {
    const count = count_characters(this.#key.value);
    if (tidy_name(this.#username.value) === "") return text("name_missing");
    if (this.#way() === "code" && this.#code.value.trim() === "") return text("reset_code_missing");
    if (this.#way() === "key" && count === 0) return text("import_key_missing");
    if (this.#way() === "key" && count !== KEY_CHARACTERS) return text("import_key_length", { count });
    return this.part("understood", HTMLInputElement).checked ? "" : text("understood_missing");
  }

  /** @param {string} words */
  #show_error(words) {
    this.part("error").textContent = words;
  }
}
