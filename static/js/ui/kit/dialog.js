// @ts-check
import { Controller } from "./controller.js";
import { clone } from "./template.js";

/** @import { Context } from "../context.js" */

/** A `<dialog>`, from opening to closing. Esc, the close button and a click beside it close it. */
export class Dialog extends Controller {
  #came_from = document.activeElement;

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
    if (this.#came_from instanceof HTMLElement && this.#came_from.isConnected) this.#came_from.focus();
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
