// @ts-check
import { is_talk2me_error } from "../../errors.js";
import { words_for_error } from "../error_words.js";
import { loss_words } from "../helpers/loss_words.js";
import { forget_looks } from "../kit/appearance.js";
import { make } from "../kit/template.js";
import { WordDialog } from "../kit/word_dialog.js";
import { text } from "../texts.js";

/** Before everything in this browser is deleted. */
export class EraseDialog extends WordDialog {
  // Lifecycle

  open() {
    this.open_for(() => this.#erase());
    this.#show_losses();
  }

  // Internal

  /** A browser that is locked or damaged can't say what it has. */
  async #show_losses() {
    if (this.context.session.locked()) return;
    try {
      const losses = loss_words(await this.queries.losses());
      this.part("losses").replaceChildren(...losses.map((words) => make("li", words)));
    } catch (error) {
      if (!is_talk2me_error(error, "storage_damaged")) this.show_error(words_for_error(error));
    }
  }

  async #erase() {
    await this.commands.erase_browser();
    forget_looks();
    this.close();
    this.context.router.replace({ name: "list" });
    this.context.toasts.say(text("erased"));
  }
}
