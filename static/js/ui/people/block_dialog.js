// @ts-check
import { FormDialog } from "../kit/form_dialog.js";
import { text } from "../texts.js";

/** @import { Person } from "../session_types.js" */

/** Says what blocking does before it is done. */
export class BlockDialog extends FormDialog {
  /**
   * @param {Person} person
   * @param {() => void} [on_blocked]
   */
  open_for({ account, username }, on_blocked) {
    this.part("title").textContent = text("block_title", { name: username });
    this.open_for_work(async () => {
      await this.commands.block({ account });
      this.context.toasts.say(text("blocked", { name: username }));
      on_blocked?.();
    });
  }
}
