// @ts-check
import { show_field_error } from "../kit/field_error.js";
import { FormDialog } from "../kit/form_dialog.js";
import { text } from "../texts.js";
import { PictureField } from "./picture_field.js";

/** @import { Group, GroupChange } from "../group_types.js" */

/** A group's name and picture. */
export class EditGroupDialog extends FormDialog {
  #title = this.part("title", HTMLInputElement);
  #picture = this.adopt(new PictureField(this.element, this.context));

  /**
   * @param {string} conversation
   * @param {Group} group
   */
  open_for(conversation, { title, picture }) {
    this.#title.value = title;
    this.#picture.start({ id: conversation, title, picture });
    this.listen(this.#title, "input", () => this.#picture.rename(this.#title.value.trim()));
    this.open_for_work(() => this.#save(conversation, { title, picture }));
  }

  // Actions

  /**
   * Only what was changed, so that two who change different things don't undo one another.
   * @param {string} conversation
   * @param {{ title: string, picture: Uint8Array | null }} before
   * @returns {Promise<boolean>}
   */
  async #save(conversation, before) {
    const title = this.#title.value.trim();
    if (title === "") {
      show_field_error(this.#title, this.part("title_error"), text("group_title_missing"));
      return false;
    }
    /** @type {GroupChange} */
    const change = {};
    if (title !== before.title) change.title = title;
    if (this.#picture.value !== before.picture) change.picture = this.#picture.value;
    if (Object.keys(change).length > 0) await this.commands.change_group({ conversation, ...change });
    return true;
  }
}
