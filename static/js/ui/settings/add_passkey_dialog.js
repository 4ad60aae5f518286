// @ts-check
import { is_talk2me_error } from "../../errors.js";
import { words_for_error } from "../error_words.js";
import { LONGEST_DEVICE_NAME, suggest_device_name } from "../helpers/device_name.js";
import { FormDialog } from "../kit/form_dialog.js";
import { group_while_typing } from "../kit/key_field.js";
import { text } from "../texts.js";

/** One more passkey. That changes the ways back in, so it takes the recovery key. */
export class AddPasskeyDialog extends FormDialog {
  #name = this.part("name", HTMLInputElement);
  #key = this.part("key", HTMLInputElement);

  /** @param {() => void} on_added */
  open_for(on_added) {
    group_while_typing(this.#key, this.ending);
    this.#name.maxLength = LONGEST_DEVICE_NAME;
    this.#name.value = suggest_device_name(navigator.userAgent);
    this.open_for_work(async () => {
      const added = await this.#add();
      if (added) on_added();
      return added;
    });
  }

  // Internal

  /** @returns {Promise<boolean>} false: the recovery key is missing */
  async #add() {
    const name = this.#name.value.trim() || suggest_device_name(navigator.userAgent);
    const recovery_key = this.#key.value.trim();
    try {
      await this.commands.add_passkey({ name, ...(recovery_key === "" ? {} : { recovery_key }) });
      this.context.toasts.say(text("passkey_saved"));
      return true;
    } catch (error) {
      if (!is_talk2me_error(error, "recovery_key_needed")) throw error;
      this.show_error(words_for_error(error));
      this.#key.focus();
      return false;
    }
  }
}
