// @ts-check
import { words_for_error } from "../error_words.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { EraseDialog } from "../settings/erase_dialog.js";
import { text } from "../texts.js";

/** Nothing of this browser can be read until its owner is back. */
export class LockScreen extends Controller {
  #passphrase = this.part("passphrase", HTMLInputElement);

  // Lifecycle

  async start() {
    this.listen(this.part("form"), "submit", (event) => this.#submit(event));
    this.listen(this.#passphrase, "input", () => this.#show_error(""));
    this.listen(this.part("forgot"), "click", () => new EraseDialog("erase", this.context).open());
    const { kind } = await this.queries.lock();
    if (this.ending.aborted) return;
    this.element.dataset.kind = kind;
    this.part("passphrase_field").hidden = kind === "passkey";
    this.part("submit_text").textContent = text(kind === "passkey" ? "unlock_passkey" : "unlock");
    if (kind !== "passkey") this.#passphrase.focus();
  }

  // Actions

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    this.#show_error("");
    await while_busy(this.part("submit"), () => this.#unlock());
  }

  // Internal

  async #unlock() {
    const passphrase = this.#passphrase.value;
    const by_passkey = this.element.dataset.kind === "passkey";
    if (!by_passkey && passphrase === "") {
      this.#show_error(text("passphrase_missing"));
      return;
    }
    try {
      await this.commands.unlock(by_passkey ? {} : { passphrase });
    } catch (error) {
      this.#show_error(words_for_error(error));
      this.#passphrase.select();
    }
  }

  /** @param {string} words */
  #show_error(words) {
    this.part("error").textContent = words;
  }
}
