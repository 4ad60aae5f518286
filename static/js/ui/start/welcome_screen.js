// @ts-check
import { Controller } from "../kit/controller.js";
import { LanguageChoice } from "../settings/language_choice.js";
import { show_screen } from "./show_screen.js";

/** @import { Route } from "../helpers/routes.js" */

/** The first thing a new person sees. */
export class WelcomeScreen extends Controller {
  // Lifecycle

  start() {
    this.part("invited").hidden = this.context.router.route.name !== "invitation";
    this.at_end(this.context.router.on_change((route) => this.#follow(route)));
    const cleared = this.context.session.was_here();
    this.part("cleared").hidden = !cleared;
    this.part("create").classList.toggle("button-primary", !cleared);
    this.part("origin").textContent = location.host;
    this.adopt(new LanguageChoice(this.part("language_choice"), this.context)).start();
    this.listen(this.part("create"), "click", () => show_screen(this.element, "sign_up"));
    for (const part of ["have", "cleared_action"]) this.listen(this.part(part), "click", () => show_screen(this.element, "choice"));
  }

  // Actions

  /** @param {Route} route a link with a registration code was opened in this tab */
  #follow({ name }) {
    this.part("invited").hidden = name !== "invitation";
    if (name === "registration") show_screen(this.element, "sign_up");
  }
}
