// @ts-check
import { AlertView } from "./alert_view.js";
import { Controller } from "./kit/controller.js";
import { clone } from "./kit/template.js";
import { MainScreen } from "./main/main_screen.js";
import { ImportScreen } from "./start/import_screen.js";
import { RecoveryScreen } from "./start/recovery_screen.js";
import { SignUpScreen } from "./start/sign_up_screen.js";
import { UnsupportedScreen } from "./start/unsupported_screen.js";
import { WelcomeScreen } from "./start/welcome_screen.js";

const SCREENS = {
  unsupported: { template: "unsupported", controller: UnsupportedScreen },
  welcome: { template: "welcome", controller: WelcomeScreen },
  sign_up: { template: "sign-up", controller: SignUpScreen },
  import: { template: "import", controller: ImportScreen },
  recovery: { template: "recovery", controller: RecoveryScreen },
  main: { template: "main", controller: MainScreen },
};

/** @typedef {keyof typeof SCREENS} ScreenName */

/** Which screen is shown. The session decides between before and after sign-up; before it, the person does. */
export class Screens extends Controller {
  /** @type {Controller | undefined} */
  #screen;
  /** @type {ScreenName | "loading"} */
  #name = "loading";

  // Lifecycle

  async start() {
    this.listen(this.element, /** @type {"click"} */ ("show-screen"), (event) => this.#asked(/** @type {CustomEvent} */ (/** @type {unknown} */ (event))));
    this.follow("profile", () => this.#follow_profile());
    this.follow("connection", ({ state }) => (document.documentElement.dataset.connection = state));
    this.adopt(new AlertView(this.element, this.context)).start();
    const { missing } = await this.commands.check_browser();
    if (missing.length > 0) this.#show("unsupported");
    else this.#follow_profile();
  }

  // Actions

  #follow_profile() {
    const profile = this.context.session.profile();
    if (profile === null) {
      if (this.#name === "main" || this.#name === "recovery" || this.#name === "loading") this.#show("welcome");
    } else this.#show(profile.recovery_confirmed ? "main" : "recovery");
  }

  /** @param {CustomEvent<ScreenName>} event */
  #asked({ detail }) {
    this.#show(detail);
  }

  // Internal

  /** @param {ScreenName} name */
  #show(name) {
    if (name === this.#name) return;
    this.#name = name;
    this.release(this.#screen);
    const { template, controller } = SCREENS[name];
    const element = clone(template);
    this.element.replaceChildren(element);
    document.documentElement.dataset.screen = name;
    const screen = new controller(element, this.context);
    this.#screen = this.adopt(screen);
    screen.start();
    /** @type {HTMLElement | null} */ (element.querySelector("[data-focus]"))?.focus({ preventScroll: true });
  }
}
