// @ts-check
import { words_for_error } from "../error_words.js";
import { set_appearance } from "../kit/appearance.js";
import { while_busy } from "../kit/busy.js";
import { Dialog } from "../kit/dialog.js";
import { text } from "../texts.js";

const WORD = "erase";

/** Asks for a word before everything in this browser is deleted. */
export class EraseDialog extends Dialog {
  #word = this.part("word", HTMLInputElement);
  #confirm = this.part("confirm", HTMLButtonElement);

  // Lifecycle

  open() {
    super.open();
    this.listen(this.#word, "input", () => this.#typed());
    this.listen(this.part("form"), "submit", (event) => this.#submit(event));
  }

  // Actions

  #typed() {
    this.#confirm.disabled = this.#word.value.trim().toLowerCase() !== WORD;
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    if (!this.#confirm.disabled) await while_busy(this.#confirm, () => this.#erase());
  }

  // Internal

  async #erase() {
    try {
      await this.commands.erase_browser();
      set_appearance("system");
      this.context.drafts.clear();
      this.close();
      this.context.router.replace({ name: "list" });
      this.context.toasts.say(text("erased"));
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
    }
  }
}
