// @ts-check
import { words_for_error } from "../error_words.js";
import { while_busy } from "../kit/busy.js";
import { Dialog } from "../kit/dialog.js";
import { text } from "../texts.js";

/** @import { Peer } from "../session_types.js" */

/** Asks once more before a new key is taken without comparing. */
export class AcceptIdentityDialog extends Dialog {
  /** @param {Peer} peer */
  open_for({ account, username: name }) {
    this.part("text").textContent = text("accept_identity_text", { name });
    this.listen(this.part("confirm"), "click", () => while_busy(this.part("confirm"), () => this.#accept(account, name)));
    this.open();
  }

  // Actions

  /**
   * @param {string} account
   * @param {string} name
   */
  async #accept(account, name) {
    try {
      await this.commands.accept_identity({ account });
      this.close();
      this.context.toasts.say(text("identity_accepted", { name }));
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
    }
  }
}
