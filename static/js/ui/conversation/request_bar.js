// @ts-check
import { name_of } from "../helpers/group_words.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { BlockDialog } from "../people/block_dialog.js";
import { open_report } from "../people/report_dialog.js";
import { text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

/** Somebody wants to talk: yes, no, or never. Whatever is chosen, only a yes is told to them. */
export class RequestBar extends Controller {
  // Lifecycle

  /** @param {Conversation} conversation */
  start(conversation) {
    const { id, kind, peer } = conversation;
    const is_group = kind === "group";
    const name = name_of(conversation);
    this.part("title").textContent = text(is_group ? "group_request_title" : "request_title", { name });
    this.part("text").textContent = text(is_group ? "group_request_text" : "request_text", { name });
    this.part("more").hidden = is_group;
    this.listen(this.part("accept"), "click", () => this.#answer("accept", id));
    this.listen(this.part("decline"), "click", () => this.#decline(id, text(is_group ? "group_declined" : "declined", { name })));
    this.listen(this.part("block"), "click", () => {
      new BlockDialog("block", this.context).open_for(peer, () => this.context.router.back_to({ name: "list" }));
    });
    this.listen(this.part("report"), "click", () => this.#report(id));
  }

  // Actions

  /**
   * @param {string} id
   * @param {string} words
   */
  async #decline(id, words) {
    if (!(await this.#answer("decline", id))) return;
    this.context.toasts.say(words);
    this.context.router.back_to({ name: "list" });
  }

  /** The last thing that they have said. @param {string} conversation */
  async #report(conversation) {
    const messages = await this.queries.messages({ conversation, limit: 50 });
    const last = messages.findLast(({ own, type }) => !own && type === "text");
    if (last === undefined) this.context.toasts.warn(text("report_nothing"));
    else open_report(this.context, conversation, last);
  }

  // Internal

  /**
   * @param {"accept" | "decline"} answer
   * @param {string} conversation
   * @returns {Promise<boolean>} whether it went through
   */
  async #answer(answer, conversation) {
    try {
      await while_busy(this.part(answer), () => this.commands[`${answer}_request`]({ conversation }));
      return true;
    } catch (error) {
      this.context.toasts.warn_about(error);
      return false;
    }
  }
}
