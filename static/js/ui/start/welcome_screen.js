// @ts-check
import { Controller } from "../kit/controller.js";
import { LanguageChoice } from "../settings/language_choice.js";
import { show_screen } from "./show_screen.js";

/** The first thing a new person sees. */
export class WelcomeScreen extends Controller {
  // Lifecycle

  start() {
    this.part("invited").hidden = this.context.router.route.name !== "invitation";
    const cleared = this.context.session.was_here();
    this.part("cleared").hidden = !cleared;
    this.part("create").classList.toggle("button-primary", !cleared);
    this.part("origin").textContent = location.host;
    this.adopt(new LanguageChoice(this.part("language_choice"), this.context)).start();
    this.listen(this.part("create"), "click", () => show_screen(this.element, "sign_up"));
    for (const part of ["have", "cleared_action"]) this.listen(this.part(part), "click", () => show_screen(this.element, "choice"));
  }
}
