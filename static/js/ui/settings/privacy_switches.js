// @ts-check
import { words_for_error } from "../error_words.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

const NAMES = /** @type {const} */ (["open_to_strangers", "receipts", "read_receipts", "typing"]);

/** Switches that are kept with the account. One that could not be saved goes back. */
export class PrivacySwitches extends Controller {
  // Lifecycle

  async start() {
    for (const name of NAMES) this.listen(this.#switch(name), "change", () => this.#changed(name));
    try {
      const settings = await this.queries.settings();
      for (const name of NAMES) this.#switch(name).checked = settings[name];
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  // Actions

  /** @param {typeof NAMES[number]} name */
  async #changed(name) {
    const input = this.#switch(name);
    const value = input.checked;
    try {
      await this.commands.set_setting({ name, value });
    } catch (error) {
      input.checked = !value;
      this.context.toasts.warn(text("setting_failed", { reason: words_for_error(error) }));
    }
  }

  // Internal

  /** @param {typeof NAMES[number]} name */
  #switch(name) {
    return this.part(name, HTMLInputElement);
  }
}
