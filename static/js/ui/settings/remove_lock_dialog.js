// @ts-check
import { FormDialog } from "../kit/form_dialog.js";
import { text } from "../texts.js";

/** @import { Lock } from "../device_types.js" */

/** Who takes the lock off shows that it is theirs. */
export class RemoveLockDialog extends FormDialog {
  /**
   * @param {Lock["kind"]} kind
   * @param {() => void} on_done
   */
  open_for(kind, on_done) {
    const passphrase = this.part("passphrase", HTMLInputElement);
    this.part("passphrase_field").hidden = kind === "passkey";
    this.open_for_work(async () => {
      await this.commands.remove_lock(kind === "passkey" ? {} : { passphrase: passphrase.value });
      this.context.toasts.say(text("lock_removed"));
      on_done();
    });
  }
}
