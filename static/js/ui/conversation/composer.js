// @ts-check
import { counted } from "../helpers/plural.js";
import { Controller } from "../kit/controller.js";
import { fit_height } from "../kit/fit_height.js";
import { text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

/** docs/protocol.md 8 */
const LONGEST = 16_384;
const COUNTED_FROM = 500;

/** Where a message is written. What is not sent stays here, for each conversation, until the page is left. */
export class Composer extends Controller {
  #id = "";
  #input = this.part("input", HTMLTextAreaElement);
  #send = this.part("send", HTMLButtonElement);

  // Lifecycle

  /** @param {Conversation} conversation */
  start({ id, peer }) {
    this.#id = id;
    this.#input.ariaLabel = text("write_to", { name: peer.username });
    this.#input.value = this.context.drafts.get(id) ?? "";
    this.listen(this.#input, "input", () => this.#typed());
    this.listen(this.#input, "keydown", (event) => this.#pressed(event));
    this.listen(this.element, "submit", (event) => this.#submit(event));
    this.#typed();
  }

  // Actions

  #typed() {
    const words = this.#input.value;
    const left = LONGEST - [...words].length;
    if (words === "") this.context.drafts.delete(this.#id);
    else this.context.drafts.set(this.#id, words);
    this.#send.disabled = words.trim() === "" || left < 0;
    this.#show_count(left);
    fit_height(this.#input);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.element.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    if (this.#send.disabled) return;
    const words = this.#input.value.trim();
    this.#fill("");
    this.#input.focus();
    try {
      await this.commands.send_text({ conversation: this.#id, text: words });
    } catch (error) {
      this.context.toasts.warn_about(error);
      if (this.ending.aborted) this.context.drafts.set(this.#id, words);
      else if (this.#input.value === "") this.#fill(words);
    }
  }

  // Internal

  /** @param {string} words */
  #fill(words) {
    this.#input.value = words;
    this.#typed();
  }

  /** @param {number} left */
  #show_count(left) {
    const count = this.part("count");
    count.dataset.over = String(left < 0);
    if (left < 0) count.textContent = counted("characters_over", -left);
    else count.textContent = left < COUNTED_FROM ? counted("characters_left", left) : "";
  }
}
