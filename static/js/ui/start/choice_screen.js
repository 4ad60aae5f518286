// @ts-check
import { Controller } from "../kit/controller.js";
import { show_screen } from "./show_screen.js";

/** @import { ScreenName } from "../screens.js" */

/** How somebody who has an account gets it into this browser. */
export class ChoiceScreen extends Controller {
  // Lifecycle

  start() {
    this.part("cleared").hidden = !this.context.session.was_here();
    this.listen(this.part("back"), "click", () => show_screen(this.element, "welcome"));
    for (const way of /** @type {ScreenName[]} */ (["link", "recover", "passkey", "import"])) {
      this.listen(this.part(way), "click", () => show_screen(this.element, way));
    }
  }
}
