// @ts-check
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @typedef {"ready" | "taken"} State */

// As long as what is typed takes to be kept.
const DRAFTS_MS = 800;

/** Offers the release that waits, and never takes it by itself. */
export class ReleaseBar extends Controller {
  /** @type {State | null} */
  #state = null;
  #wanted = false;

  // Lifecycle

  start() {
    this.follow("release", ({ state }) => this.#changed(state));
    this.listen(this.part("release_take"), "click", () => this.#take());
    this.listen(this.part("release_later"), "click", () => (this.element.hidden = true));
    // Without it the page works as before, as long as there is a network.
    this.commands.keep_release().catch(() => undefined);
  }

  // Actions

  /** @param {State} state */
  #changed(state) {
    this.#state = state;
    if (state === "taken" && this.#wanted) {
      location.reload();
      return;
    }
    this.element.hidden = false;
    this.part("release_words").textContent = text(`release_${state}`);
  }

  #take() {
    this.#wanted = true;
    this.part("release_take").hidden = true;
    this.part("release_later").hidden = true;
    this.part("release_words").textContent = text("release_begins");
    const timer = setTimeout(() => this.#begin(), DRAFTS_MS);
    this.at_end(() => clearTimeout(timer));
  }

  // Internal

  async #begin() {
    // Where none waits any more it has begun already, or was replaced: the page as it is now is had by loading it.
    if (this.#state === "taken" || !(await this.commands.take_release())) location.reload();
  }
}
