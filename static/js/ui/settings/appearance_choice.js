// @ts-check
import { choose_look, read_look } from "../kit/appearance.js";
import { Controller } from "../kit/controller.js";

/** @import { Look } from "../kit/appearance.js" */

/** Light or dark, how much contrast, how dense. */
export class AppearanceChoice extends Controller {
  // Lifecycle

  start() {
    for (const radio of this.element.querySelectorAll('input[type="radio"]')) this.#show(/** @type {HTMLInputElement} */ (radio));
    this.listen(this.element, "change", (event) => this.#chosen(event));
  }

  // Actions

  /** @param {Event} event */
  #chosen({ target }) {
    if (target instanceof HTMLInputElement && target.type === "radio") choose_look(/** @type {Look} */ (target.name), target.value);
  }

  // Internal

  /** @param {HTMLInputElement} radio */
  #show(radio) {
    radio.checked = radio.value === read_look(/** @type {Look} */ (radio.name));
  }
}
