// @ts-check
import { Controller } from "../kit/controller.js";
import { show_left } from "./message_marks.js";

/** Says anew, each second, how long messages that disappear are still there. */
export class TimeLeft extends Controller {
  // Lifecycle

  start() {
    const timer = setInterval(() => this.#tick(), 1000);
    this.at_end(() => clearInterval(timer));
  }

  // Internal

  #tick() {
    if (document.visibilityState !== "visible") return;
    const { now } = this.context.clock();
    for (const mark of this.element.querySelectorAll("[data-expires]")) show_left(/** @type {HTMLElement} */ (mark), now);
  }
}
