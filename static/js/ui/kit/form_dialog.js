// @ts-check
import { words_for_error } from "../error_words.js";
import { while_busy } from "./busy.js";
import { Dialog } from "./dialog.js";

/** A dialog with one form: it does its work once, closes after it, and says what went wrong. */
export class FormDialog extends Dialog {
  /** @param {() => Promise<boolean | void>} work false: the dialog stays */
  open_for_work(work) {
    super.open();
    this.listen(this.part("form"), "submit", (event) => this.#submit(event, work));
    this.listen(this.part("form"), "input", () => this.show_error(""));
  }

  /** @param {string} words */
  show_error(words) {
    this.part("error").textContent = words;
  }

  // Internal

  /**
   * @param {Event} event
   * @param {() => Promise<boolean | void>} work
   */
  async #submit(event, work) {
    event.preventDefault();
    this.show_error("");
    try {
      const done = await while_busy(this.part("confirm"), work);
      if (done !== false && this.dialog.open && this.part("confirm").ariaBusy !== "true") this.close();
    } catch (error) {
      this.show_error(words_for_error(error));
    }
  }
}
