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
   * @param {boolean} [notes] it is a note to oneself
   */
  open_for(conversation, { id }, whose, notes = false) {
    const words = notes ? "note" : whose;
    this.part("title").textContent = text(`delete_${words}_title`);
    this.part("text").textContent = text(`delete_${words}_text`);
    this.part("confirm").textContent = text(`action_delete_${words}`);
    this.open_for_work(async () => {
      await this.commands.delete_message({ conversation, id, for: whose });
      this.context.announcer.say(text("deleted_now"));
    });
  }
}
