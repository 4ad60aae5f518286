// @ts-check
import { plain_text } from "../helpers/text_parts.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { Message } from "../session_types.js" */

/** Above the field: what is answered to, or changed. */
export class ComposerContext extends Controller {
  /** @type {"reply" | "edit" | undefined} */
  kind;
  /** @type {Message | undefined} */
  message;

  // Lifecycle

  /** @param {() => void} on_leave */
  start(on_leave) {
    this.listen(this.part("context_leave"), "click", on_leave);
  }

  // Actions

  /**
   * @param {"reply" | "edit"} kind
   * @param {Message} message
   */
  show(kind, message) {
    this.kind = kind;
    this.message = message;
    const { own, author } = message;
    this.part("context").hidden = false;
    this.part("context").dataset.kind = kind;
    this.part("context_icon", SVGElement).setAttribute("href", kind === "edit" ? "#icon-act-edit" : "#icon-act-reply");
    this.part("context_title").textContent =
      kind === "edit" ? text("editing") : own ? text("answering_own") : text("answering", { name: author.username });
    this.part("context_text").textContent = plain_text(message.text ?? "") || text("quote_no_text");
    this.part("context_leave").ariaLabel = text(kind === "edit" ? "leave_edit" : "leave_answer");
  }

  hide() {
    this.kind = this.message = undefined;
    this.part("context").hidden = true;
  }
}
