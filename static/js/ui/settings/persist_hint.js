// @ts-check
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** Shown while the browser may clear what this page keeps. */
export class PersistHint extends Controller {
  // Lifecycle

  start() {
    this.listen(this.part("persist"), "click", () => while_busy(this.part("persist"), () => this.#ask()));
    this.#load();
  }

  // Actions

  async #ask() {
    const { persisted } = await this.commands.persist_storage();
    this.element.hidden = persisted;
    if (persisted) this.context.toasts.say(text("persisted"));
    else this.context.toasts.warn(text("persist_denied"));
  }

  // Internal

  async #load() {
    const { persisted } = await this.queries.lock();
    if (!this.ending.aborted) this.element.hidden = persisted !== false;
  }
}
