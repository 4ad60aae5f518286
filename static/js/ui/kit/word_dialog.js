// @ts-check
import { words_for_error } from "../error_words.js";
import { while_busy } from "./busy.js";
import { Dialog } from "./dialog.js";

/** Asks for a word before something that nobody can take back, and does it once the word is typed. */
export class WordDialog extends Dialog {
  #word = this.part("word", HTMLInputElement);
  #confirm = this.part("confirm", HTMLButtonElement);

  /** @param {() => Promise<void>} work */
  open_for(work) {
    super.open();
    const needed = small(this.part("needed").textContent ?? "");
    this.listen(this.#word, "input", () => {
      this.#confirm.disabled = small(this.#word.value) !== needed;
    });
    this.listen(this.part("form"), "submit", (event) => this.#submit(event, work));
  }

  // Internal

  /**
   * @param {Event} event
   * @param {() => Promise<void>} work
   */
  async #submit(event, work) {
    event.preventDefault();
    if (this.#confirm.disabled) return;
    this.show_error("");
    try {
      await while_busy(this.#confirm, work);
    } catch (error) {
      this.show_error(words_for_error(error));
    }
  }

  /** @param {string} words */
  show_error(words) {
    this.part("error").textContent = words;
  }
}

/** @param {string} word */
function small(word) {
  return word.trim().normalize("NFC").toLowerCase();
}
