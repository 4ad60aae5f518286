// @ts-check
import { read_appearance, set_appearance } from "../kit/appearance.js";
import { Controller } from "../kit/controller.js";

/** @import { Appearance } from "../kit/appearance.js" */

/** Light, dark, or as the system. */
export class AppearanceChoice extends Controller {
  // Lifecycle

  start() {
    for (const radio of this.element.querySelectorAll("input")) radio.checked = radio.value === read_appearance();
    this.listen(this.element, "change", (event) => this.#chosen(event));
  }

  // Actions

  /** @param {Event} event */
  #chosen({ target }) {
    if (target instanceof HTMLInputElement) set_appearance(/** @type {Appearance} */ (target.value));
  }
}
