// @ts-check
import { forget_looks } from "../kit/appearance.js";
import { WordDialog } from "../kit/word_dialog.js";
import { text } from "../texts.js";

/** Before the account ends, on the server and in this browser. */
export class DeleteAccountDialog extends WordDialog {
  open() {
    this.open_for(() => this.#delete());
  }

  // Internal

  async #delete() {
    const progress = this.part("progress");
    progress.textContent = text("deleting_account");
    try {
      await this.commands.delete_account();
    } finally {
      progress.textContent = "";
    }
    forget_looks();
    this.close();
    this.context.router.replace({ name: "list" });
    this.context.toasts.say(text("account_deleted"));
  }
}
