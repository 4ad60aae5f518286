// @ts-check
import { words_for_error } from "../error_words.js";
import { NewGroupDialog } from "../groups/new_group_dialog.js";
import { tidy_name } from "../helpers/name_rules.js";
import { invitation_in } from "../helpers/routes.js";
import { while_busy } from "../kit/busy.js";
import { Dialog } from "../kit/dialog.js";
import { show_field_error } from "../kit/field_error.js";
import { text } from "../texts.js";
import { open_notes } from "../notes/open_notes.js";
import { InvitationMaker } from "./invitation_maker.js";
import { open_invitation } from "./open_invitation.js";

/** Begin to talk: by the exact name, or by a link. */
export class NewConversationDialog extends Dialog {
  #username = this.part("username", HTMLInputElement);

  // Lifecycle

  open() {
    super.open();
    this.adopt(new InvitationMaker(this.element, this.context)).start();
    this.listen(this.part("form"), "submit", (event) => this.#submit(event));
    this.listen(this.#username, "input", () => this.#typed());
    this.listen(this.part("new_group"), "click", () => this.#new_group());
    this.listen(this.part("notes"), "click", () => this.#notes());
  }

  /** @param {string} username */
  open_with(username) {
    this.#username.value = username;
    this.open();
  }

  // Actions

  #typed() {
    const fragment = invitation_in(this.#username.value);
    if (this.#username.ariaInvalid === "true") this.#show_error("");
    if (fragment === null) return;
    this.close();
    open_invitation(fragment, this.context);
  }

  #new_group() {
    this.close();
    new NewGroupDialog("new-group", this.context).open();
  }

  async #notes() {
    if (await open_notes(this.part("notes"), this.context)) this.close();
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const username = tidy_name(this.#username.value);
    if (username === "") this.#show_error(text("find_missing"));
    else await while_busy(this.part("find"), () => this.#find(username));
  }

  // Internal

  /** @param {string} username */
  async #find(username) {
    try {
      const found = await this.commands.find_account({ username });
      if (found === null) this.#show_error(text("find_nobody", { name: username }));
      else if (found.own) this.#show_error(text("find_own"));
      else await this.#begin(found.account);
    } catch (error) {
      this.#show_error(words_for_error(error));
    }
  }

  /** @param {string} account */
  async #begin(account) {
    const { conversation } = await this.commands.start_conversation({ account });
    this.close();
    this.context.router.go({ name: "conversation", id: conversation, contact: false });
  }

  /** @param {string} words */
  #show_error(words) {
    show_field_error(this.#username, this.part("error"), words);
  }
}
