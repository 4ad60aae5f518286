// @ts-check
import { show_field_error } from "../kit/field_error.js";
import { FormDialog } from "../kit/form_dialog.js";
import { clone } from "../kit/template.js";
import { text } from "../texts.js";
import { PeoplePicker } from "./people_picker.js";
import { PictureField } from "./picture_field.js";

/** Makes a group: what it is called, what it looks like, who is in it. */
export class NewGroupDialog extends FormDialog {
  #title = this.part("title", HTMLInputElement);
  #picture = this.adopt(new PictureField(this.element, this.context));

  // Lifecycle

  open() {
    const picker = clone("people-picker");
    this.part("picker").replaceChildren(picker);
    const people = this.adopt(new PeoplePicker(picker, this.context));
    people.start();
    this.#picture.start({ id: "new", title: "", picture: null });
    this.listen(this.#title, "input", () => this.#typed());
    this.open_for_work(() => this.#create(people));
    this.#title.focus();
  }

  // Actions

  #typed() {
    this.#picture.rename(this.#title.value.trim());
    if (this.#title.ariaInvalid === "true") show_field_error(this.#title, this.part("title_error"), "");
  }

  /**
   * @param {PeoplePicker} people
   * @returns {Promise<boolean>}
   */
  async #create(people) {
    const title = this.#title.value.trim();
    if (title === "") {
      show_field_error(this.#title, this.part("title_error"), text("group_title_missing"));
      return false;
    }
    if (people.chosen.length === 0) {
      this.show_error(text("picker_missing"));
      return false;
    }
    const picture = this.#picture.value;
    const { conversation } = await this.commands.create_group({ title, members: people.chosen, ...(picture === null ? {} : { picture }) });
    this.context.router.go({ name: "conversation", id: conversation, contact: false });
    return true;
  }
}
