// @ts-check
import { Controller } from "./controller.js";
import { clone } from "./template.js";

/** @import { Context } from "../context.js" */

/** A `<dialog>`, from opening to closing. Esc, the close button and a click beside it close it. */
export class Dialog extends Controller {
  #came_from = [...around(document.activeElement)];

  /**
   * @param {string} template
   * @param {Context} context
   */
  constructor(template, context) {
    super(clone(template), context);
    this.dialog = /** @type {HTMLDialogElement} */ (this.element);
  }

  // Lifecycle

  open() {
    document.body.append(this.dialog);
    this.listen(this.part("close"), "click", () => this.close());
    this.listen(this.dialog, "click", (event) => this.#clicked(event));
    this.listen(this.dialog, "close", () => this.end());
    this.dialog.showModal();
  }

  end() {
    super.end();
    this.dialog.remove();
    this.context.toasts.outlive();
    // What it was opened from may be gone by then.
    this.#came_from.find((element) => element.isConnected)?.focus();
  }

  // Actions

  close() {
    this.dialog.close();
  }

  // Internal

  /** @param {MouseEvent} event */
  #clicked({ target, clientX, clientY }) {
    if (target !== this.dialog || this.dialog.role === "alertdialog") return;
    const { left, right, top, bottom } = this.dialog.getBoundingClientRect();
    if (clientX < left || clientX > right || clientY < top || clientY > bottom) this.close();
  }
}

/** @param {Element | null} element @returns {Generator<HTMLElement>} it and what is around it, as far as it takes the focus */
function* around(element) {
  for (let one = element; one !== null; one = one.parentElement) {
    if (one instanceof HTMLElement && (one.tabIndex >= 0 || one.hasAttribute("tabindex"))) yield one;
  }
}
