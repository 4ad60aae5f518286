// @ts-check
import { FormDialog } from "../kit/form_dialog.js";
import { text } from "../texts.js";

/** @import { Context } from "../context.js" */
/** @import { Message } from "../session_types.js" */

/** Says plainly what whoever runs the server gets to see, and shows it to them. */
export class ReportDialog extends FormDialog {
  /**
   * @param {string} conversation
   * @param {Message} message of somebody else
   */
  open_for(conversation, { id, author, text: words = "" }) {
    this.part("title").textContent = text("report_title", { name: author.username });
    this.part("shown").textContent = words || text("report_no_text");
    this.part("too", HTMLInputElement).checked = false;
    this.part("too_words").textContent = text("report_block_too", { name: author.username });
    this.open_for_work(async () => {
      const note = this.part("note", HTMLTextAreaElement).value.trim();
      await this.commands.report_message({ conversation, id, ...(note === "" ? {} : { note }) });
      this.context.toasts.say(text("reported"));
      if (this.part("too", HTMLInputElement).checked) await this.commands.block({ account: author.account });
    });
  }
}

/** @param {Context} context @param {string} conversation @param {Message} message */
export function open_report(context, conversation, message) {
  new ReportDialog("report", context).open_for(conversation, message);
}
