// @ts-check
import { words_for_error } from "../error_words.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { while_busy } from "../kit/busy.js";
import { Dialog } from "../kit/dialog.js";
import { text } from "../texts.js";

/** @import { Found } from "../session_types.js" */

/** An invitation link was opened: who it is from, and whether to talk. */
export class OpenInvitationDialog extends Dialog {
  // Lifecycle

  /** @param {string} fragment */
  async open_for(fragment) {
    this.open();
    try {
      const found = await this.commands.read_invitation({ fragment });
      if (!this.ending.aborted) this.#show(found, fragment);
    } catch (error) {
      this.part("title").textContent = text("invitation_failed");
      this.#show_error(error);
    }
  }

  // Actions

  /**
   * @param {Found} found
   * @param {string} fragment
   */
  async #start({ account }, fragment) {
    try {
      const { conversation } = await this.commands.start_conversation({ account, invitation_fragment: fragment });
      this.close();
      this.context.router.go({ name: "conversation", id: conversation, contact: false });
    } catch (error) {
      this.#show_error(error);
    }
  }

  // Internal

  /**
   * @param {Found} found
   * @param {string} fragment
   */
  #show(found, fragment) {
    const { own, known, username: name } = found;
    this.part("title").textContent = own ? text("invitation_own") : text("invitation_title", { name });
    this.part("text").textContent = text(own ? "invitation_own_text" : known ? "invitation_known" : "invitation_text");
    if (own) return;
    draw_avatar(this.part("avatar"), found);
    this.part("avatar").hidden = false;
    this.part("verified").hidden = false;
    const confirm = this.part("confirm");
    confirm.textContent = text(known ? "invitation_confirm_known" : "invitation_confirm");
    confirm.hidden = false;
    confirm.focus();
    this.listen(confirm, "click", () => while_busy(confirm, () => this.#start(found, fragment)));
  }

  /** @param {unknown} error */
  #show_error(error) {
    this.part("error").textContent = words_for_error(error);
  }
}
