// @ts-check
import { plain_text } from "../helpers/text_parts.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { text } from "../texts.js";

/** @import { Message } from "../session_types.js" */

/** What was pinned, on top of the conversation: each press goes to one and shows the one before it. */
export class PinnedBar extends Controller {
  /** @type {Message[]} newest first */
  #pinned = [];
  #at = 0;

  // Lifecycle

  /**
   * @param {string} conversation
   * @param {(message: Message) => Promise<unknown>} go_to
   */
  start(conversation, go_to) {
    const refresh = latest_only(() => this.#refresh(conversation), (error) => this.context.toasts.warn_about(error));
    this.listen(this.part("pinned_go"), "click", () => this.#go(go_to));
    this.follow("messages", ({ conversation: changed }) => changed === conversation && refresh());
    refresh();
  }

  // Actions

  /** @param {(message: Message) => Promise<unknown>} go_to */
  async #go(go_to) {
    const message = this.#pinned[this.#at];
    if (message === undefined) return;
    this.#at = (this.#at + 1) % this.#pinned.length;
    this.#render();
    try {
      await go_to(message);
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  // Internal

  /** @param {string} conversation */
  async #refresh(conversation) {
    const shown = this.#pinned[this.#at]?.id;
    const found = await this.queries.pinned({ conversation });
    if (this.ending.aborted) return;
    this.#pinned = found.toSorted((one, other) => other.order - one.order);
    this.#at = Math.max(0, this.#pinned.findIndex(({ id }) => id === shown));
    this.#render();
  }

  #render() {
    const message = this.#pinned[this.#at];
    const count = this.#pinned.length;
    this.part("pinned_bar").hidden = message === undefined;
    if (message === undefined) return;
    this.part("pinned_title").textContent = count === 1 ? text("pinned_one") : text("pinned_of", { number: count - this.#at, count });
    this.part("pinned_text").textContent = plain_text(message.text ?? "") || text("quote_no_text");
  }
}
