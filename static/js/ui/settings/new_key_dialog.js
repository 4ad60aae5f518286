// @ts-check
import { full_date } from "../helpers/format_time.js";
import { count_characters, KEY_CHARACTERS } from "../helpers/recovery_groups.js";
import { FormDialog } from "../kit/form_dialog.js";
import { group_while_typing } from "../kit/key_field.js";
import { show_screen } from "../start/show_screen.js";
import { text } from "../texts.js";

/** A new recovery key: at once by the old one, or, without it, announced and counting after seven days. */
export class NewKeyDialog extends FormDialog {
  #key = this.part("key", HTMLInputElement);
  #lost = this.part("lost", HTMLInputElement);

  // Lifecycle

  open() {
    group_while_typing(this.#key, this.ending);
    this.listen(this.#lost, "change", () => this.#show_way());
    this.#show_way();
    this.open_for_work(() => this.#make());
  }

  // Actions

  #show_way() {
    this.part("key_field").hidden = this.#lost.checked;
    this.part("announce_hint").hidden = !this.#lost.checked;
    this.part("confirm").textContent = text(this.#lost.checked ? "new_key_announce" : "new_key_make");
  }

  // Internal

  /** @returns {Promise<boolean>} false: what was typed can't be right */
  async #make() {
    const count = count_characters(this.#key.value);
    if (!this.#lost.checked && count !== KEY_CHARACTERS) {
      this.show_error(count === 0 ? text("import_key_missing") : text("import_key_length", { count }));
      return false;
    }
    const given = this.#lost.checked ? /** @type {const} */ ({ announce: true }) : { recovery_key: this.#key.value.trim() };
    const answer = await this.commands.new_recovery_key(given);
    if (answer.status === "made") show_screen(this.element, "recovery");
    else {
      this.context.toasts.say(text("new_key_announced", { date: full_date(answer.from, this.context.clock()) }));
    }
    return true;
  }
}
