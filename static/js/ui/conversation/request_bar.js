// @ts-check
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

/** Somebody wants to talk: yes or no. */
export class RequestBar extends Controller {
  // Lifecycle

  /** @param {Conversation} conversation */
  start({ id, peer }) {
    const name = peer.username;
    this.part("title").textContent = text("request_title", { name });
    this.part("text").textContent = text("request_text", { name });
    this.listen(this.part("accept"), "click", () => this.#answer("accept", id));
    this.listen(this.part("decline"), "click", () => this.#decline(id, name));
  }

  // Actions

  /**
   * @param {string} id
   * @param {string} name
   */
  async #decline(id, name) {
    if (!(await this.#answer("decline", id))) return;
    this.context.toasts.say(text("declined", { name }));
    this.context.router.back_to({ name: "list" });
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
