// @ts-check
import { words_for_error } from "../error_words.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { while_busy } from "../kit/busy.js";
import { Dialog } from "../kit/dialog.js";
import { text } from "../texts.js";

/** @import { Found } from "../session_types.js" */

/** A group's link was opened: who made it, and whether to ask to be let in. */
export class GroupLinkDialog extends Dialog {
  // Lifecycle

  /** @param {string} fragment */
  async open_for(fragment) {
    this.open();
    try {
      const found = await this.commands.read_group_link({ fragment });
      if (!this.ending.aborted) this.#show(found, fragment);
    } catch (error) {
      this.part("title").textContent = text("group_link_failed");
      this.part("error").textContent = words_for_error(error);
    }
  }

  // Actions

  /**
   * @param {string} name of who made the link
   * @param {string} fragment
   */
  async #ask(name, fragment) {
    try {
      const { conversation } = await this.commands.join_by_link({ fragment });
      const found = await this.queries.conversation({ id: conversation });
      this.close();
      this.context.router.go({ name: "conversation", id: conversation, contact: false });
      // Whoever is in the group already comes straight to it.
      if (found?.kind === "direct") this.context.toasts.say(text("group_link_asked", { name }));
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
    }
  }

  // Internal

  /**
   * @param {Found} found
   * @param {string} fragment
   */
  #show(found, fragment) {
    const { own, username: name } = found;
    this.part("title").textContent = text(own ? "group_link_own" : "group_link_title", { name });
    this.part("text").textContent = text(own ? "group_link_own_text" : "group_link_text", { name });
    if (own) return;
    draw_avatar(this.part("avatar"), found);
    this.part("avatar").hidden = false;
    this.part("verified").hidden = false;
    const confirm = this.part("confirm");
    confirm.hidden = false;
    confirm.focus();
    this.listen(confirm, "click", () => while_busy(confirm, () => this.#ask(name, fragment)));
  }
}
