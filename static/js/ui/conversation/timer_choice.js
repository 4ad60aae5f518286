// @ts-check
import { time_left, TIMERS } from "../helpers/time_left.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** After how long what is written disappears: a choice for a panel (template `timer-choice`). */
export class TimerChoice extends Controller {
  #select = this.part("timer", HTMLSelectElement);
  #seconds = 0;

  // Lifecycle

  /**
   * @param {number} seconds as it is
   * @param {(seconds: number) => Promise<unknown>} choose
   */
  start(seconds, choose) {
    this.listen(this.#select, "change", () => this.#chosen(choose));
    this.update(seconds);
  }

  // Actions

  /**
   * @param {number} seconds as it is now
   * @param {boolean} [may] whether this person may change it
   */
  update(seconds, may = true) {
    this.#seconds = seconds;
    this.#select.disabled = !may;
    const choices = TIMERS.includes(seconds) ? TIMERS : [...TIMERS, seconds].toSorted((one, other) => one - other);
    const options = choices.map((choice) => new Option(choice === 0 ? text("timer_never") : time_left(choice * 1000), String(choice)));
    if (this.#select.options.length !== options.length) this.#select.replaceChildren(...options);
    this.#select.value = String(seconds);
  }

  // Internal

  /** @param {(seconds: number) => Promise<unknown>} choose */
  async #chosen(choose) {
    const seconds = Number(this.#select.value);
    try {
      await choose(seconds);
      this.#seconds = seconds;
    } catch (error) {
      this.#select.value = String(this.#seconds);
      this.context.toasts.warn_about(error);
    }
  }
}
