// @ts-check
import { list_names } from "../language/spoken.js";
import { FormDialog } from "../kit/form_dialog.js";
import { clone } from "../kit/template.js";
import { text } from "../texts.js";
import { PeoplePicker } from "./people_picker.js";

/** @import { Group } from "../group_types.js" */

/** More people for a group. */
export class AddPeopleDialog extends FormDialog {
  /**
   * @param {string} conversation
   * @param {Group} group
   */
  open_for(conversation, { title, members }) {
    const picker = clone("people-picker");
    this.part("picker").replaceChildren(picker);
    const people = this.adopt(new PeoplePicker(picker, this.context));
    people.start({ left_out: members.map(({ account }) => account) });
    this.part("title").textContent = text("add_people_title", { group: title });
    this.open_for_work(() => this.#add(conversation, people));
  }

  // Actions

  /**
   * @param {string} conversation
   * @param {PeoplePicker} people
   * @returns {Promise<boolean>}
   */
  async #add(conversation, people) {
    if (people.chosen.length === 0) {
      this.show_error(text("picker_missing"));
      return false;
    }
    const history = Number(this.part("history", HTMLSelectElement).value);
    await this.commands.add_to_group({ conversation, accounts: people.chosen, history });
    this.context.toasts.say(text(history > 0 ? "people_given" : "people_added", { names: list_names(people.names) }));
    return true;
  }
}
