// @ts-check
import { FormDialog } from "../kit/form_dialog.js";
import { text } from "../texts.js";

/** @import { Message } from "../session_types.js" */

/** Asked before something that can't be taken back. */
export class DeleteDialog extends FormDialog {
  /**
   * @param {string} conversation
   * @param {Message} message
   * @param {"all" | "own"} whose
   */
  open_for(conversation, { id }, whose) {
    this.part("title").textContent = text(`delete_${whose}_title`);
    this.part("text").textContent = text(`delete_${whose}_text`);
    this.part("confirm").textContent = text(`action_delete_${whose}`);
    this.open_for_work(async () => {
      await this.commands.delete_message({ conversation, id, for: whose });
      this.context.announcer.say(text("deleted_now"));
    });
  }
}
