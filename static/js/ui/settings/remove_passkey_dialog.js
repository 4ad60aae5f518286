// @ts-check
import { FormDialog } from "../kit/form_dialog.js";
import { group_while_typing } from "../kit/key_field.js";
import { text } from "../texts.js";

/** @import { Passkey } from "../device_types.js" */

/** A passkey stops being a way back in. That takes the recovery key. */
export class RemovePasskeyDialog extends FormDialog {
  #key = this.part("key", HTMLInputElement);

  /**
   * @param {Passkey} passkey
   * @param {() => void} on_removed
   */
  open_for({ key, name }, on_removed) {
    group_while_typing(this.#key, this.ending);
    this.part("title").textContent = text("remove_passkey_title", { name });
    this.open_for_work(async () => {
      const recovery_key = this.#key.value.trim();
      await this.commands.remove_passkey({ key, ...(recovery_key === "" ? {} : { recovery_key }) });
      this.context.toasts.say(text("passkey_removed"));
      on_removed();
    });
  }
}
