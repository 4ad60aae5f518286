// @ts-check
import { count_characters, KEY_CHARACTERS } from "../helpers/recovery_groups.js";
import { FormDialog } from "../kit/form_dialog.js";
import { group_while_typing } from "../kit/key_field.js";
import { text } from "../texts.js";

/** Whether the recovery key is still at hand: it is compared with what the account says, and forgotten again. */
export class CheckKeyDialog extends FormDialog {
  #key = this.part("key", HTMLInputElement);

  // Lifecycle

  open() {
    group_while_typing(this.#key, this.ending);
    this.listen(this.#key, "input", () => (this.part("result").hidden = true));
    this.open_for_work(() => this.#check());
  }

  // Internal

  /** @returns {Promise<false>} it stays open, to show what came out */
  async #check() {
    const count = count_characters(this.#key.value);
    if (count !== KEY_CHARACTERS) {
      this.show_error(count === 0 ? text("import_key_missing") : text("import_key_length", { count }));
      return false;
    }
    const { right } = await this.commands.check_recovery_key({ recovery_key: this.#key.value.trim() });
    const result = this.part("result");
    result.hidden = false;
    result.dataset.result = right ? "good" : "bad";
    result.textContent = text(right ? "check_right" : "check_wrong");
    if (right) this.#key.value = "";
    else this.#key.select();
    return false;
  }
}
