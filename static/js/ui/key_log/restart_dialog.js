// @ts-check
import { words_for_error } from "../error_words.js";
import { while_busy } from "../kit/busy.js";
import { Dialog } from "../kit/dialog.js";
import { text } from "../texts.js";

/** Asks once more before this browser forgets what it knew of the key log. */
export class RestartDialog extends Dialog {
  // Lifecycle

  open() {
    super.open();
    this.listen(this.part("confirm"), "click", () => while_busy(this.part("confirm"), () => this.#restart()));
  }

  // Actions

  async #restart() {
    try {
      await this.commands.restart_key_log();
      this.close();
      this.context.toasts.say(text("alarm_restarted"));
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
    }
  }
}
