// @ts-check
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { key_for, text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

/** What is written here waits for the key log, unless the person makes sure of the other one. */
export class LogBar extends Controller {
  // Lifecycle

  /** @param {Conversation} conversation */
  start({ id, peer }) {
    const name = peer.username;
    const refresh = latest_only(() => this.#refresh(name), (error) => this.context.toasts.warn_about(error));
    this.listen(this.part("compare"), "click", () => this.context.router.go({ name: "conversation", id, contact: true }));
    this.follow("key_log", refresh);
    this.#say(name, "other");
    refresh();
  }

  // Internal

  /** @param {string} name */
  async #refresh(name) {
    const { state } = await this.queries.key_log();
    if (!this.ending.aborted) this.#say(name, state);
  }

  /**
   * @param {string} name
   * @param {string} state of the key log
   */
  #say(name, state) {
    const words = text("waits", { name, reason: text(key_for("waits", state)) });
    if (this.part("text").textContent !== words) this.part("text").textContent = words;
  }
}
