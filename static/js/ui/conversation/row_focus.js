// @ts-check
import { Controller } from "../kit/controller.js";

const ROW = "[data-row=message], [data-row=notice]";

/** One stop for the Tab key among all messages; arrows move from one to the next, End to the newest. */
export class RowFocus extends Controller {
  #rows = this.part("rows");

  // Lifecycle

  /** @param {{ on_end: () => Promise<void> }} given */
  start({ on_end }) {
    this.listen(this.#rows, "focusin", ({ target }) => this.set_stop(target instanceof Element ? target.closest(ROW) : null));
    this.listen(this.#rows, "keydown", (event) => this.#pressed(event, on_end));
    this.listen(this.part("scroller"), "keydown", (event) => this.#entered(event));
  }

  // Actions

  /** @param {Element | null} [wanted] left out: where it is, or the newest */
  set_stop(wanted = null) {
    const rows = [...this.#rows.querySelectorAll(ROW)].map((row) => /** @type {HTMLElement} */ (row));
    const stop = rows.find((row) => row === wanted) ?? rows.find((row) => row.tabIndex === 0) ?? rows.at(-1);
    for (const row of rows) {
      const index = row === stop ? 0 : -1;
      if (row.tabIndex !== index || !row.hasAttribute("tabindex")) row.tabIndex = index;
    }
  }

  // Internal

  /**
   * Whoever is in something that goes is in its message then, or in the one that takes its place.
   * @param {() => void} draw
   */
  keep_through(draw) {
    const row = document.activeElement?.closest(ROW) ?? null;
    const index = [...this.#rows.querySelectorAll(ROW)].findIndex((one) => one === row);
    draw();
    if (index < 0 || this.#rows.contains(document.activeElement)) return;
    const rows = /** @type {HTMLElement[]} */ ([...this.#rows.querySelectorAll(ROW)]);
    (rows.find((one) => one === row) ?? rows.at(Math.min(index, rows.length - 1)))?.focus({ preventScroll: true });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {() => Promise<void>} on_end
   */
  #pressed(event, on_end) {
    const row = document.activeElement;
    if (!(row instanceof HTMLElement) || !row.matches(ROW) || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.#go(row, step);
    } else if (event.key === "End") {
      event.preventDefault();
      on_end().then(() => this.#newest()?.focus({ preventScroll: true }));
    }
  }

  /** @param {KeyboardEvent} event from the whole region into its rows */
  #entered(event) {
    if (event.target !== this.part("scroller") || event.key !== "Enter") return;
    event.preventDefault();
    this.#newest()?.focus();
  }

  /**
   * @param {HTMLElement} from
   * @param {number} step
   */
  #go(from, step) {
    let next = step > 0 ? from.nextElementSibling : from.previousElementSibling;
    while (next !== null && !next.matches(ROW)) next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
    if (!(next instanceof HTMLElement)) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  /** @returns {HTMLElement | undefined} */
  #newest() {
    return /** @type {HTMLElement[]} */ ([...this.#rows.querySelectorAll(ROW)]).at(-1);
  }
}
