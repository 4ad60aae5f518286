// @ts-check
import { AlertView } from "./alert_view.js";
import { Controller } from "./kit/controller.js";
import { show_failure } from "./show_failure.js";
import { first_screen } from "./helpers/first_screen.js";
import { clone } from "./kit/template.js";
import { ChoiceScreen } from "./start/choice_screen.js";
import { ImportScreen } from "./start/import_screen.js";
import { LinkScreen } from "./start/link_screen.js";
import { LockScreen } from "./start/lock_screen.js";
import { LostDevicesScreen } from "./start/lost_devices_screen.js";
import { PasskeyScreen } from "./start/passkey_screen.js";
import { RecoverScreen } from "./start/recover_screen.js";
import { RecoveryScreen } from "./start/recovery_screen.js";
import { SignUpScreen } from "./start/sign_up_screen.js";
import { StartOverScreen } from "./start/start_over_screen.js";
import { UnsupportedScreen } from "./start/unsupported_screen.js";
import { WelcomeScreen } from "./start/welcome_screen.js";

const SCREENS = {
  unsupported: { template: "unsupported", controller: UnsupportedScreen },
  welcome: { template: "welcome", controller: WelcomeScreen },
  sign_up: { template: "sign-up", controller: SignUpScreen },
  choice: { template: "choice", controller: ChoiceScreen },
  link: { template: "link", controller: LinkScreen },
  recover: { template: "recover", controller: RecoverScreen },
  passkey: { template: "passkey-sign-in", controller: PasskeyScreen },
  start_over: { template: "start-over", controller: StartOverScreen },
  lost_devices: { template: "lost-devices", controller: LostDevicesScreen },
  locked: { template: "locked", controller: LockScreen },
  import: { template: "import", controller: ImportScreen },
  recovery: { template: "recovery", controller: RecoveryScreen },
  main: { template: "main", load: load_main },
};

/** Those that only somebody with an account in this browser sees. */
const INSIDE = new Set(["loading", "main", "recovery", "lost_devices", "locked"]);

/** Where nobody has an account, or is about to have one. */
const OUTSIDE = new Set(["welcome", "unsupported"]);

/** Most of the interface is in there, and whoever looks at the first page has no use for it. */
async function load_main() {
  return (await import("./main/main_screen.js")).MainScreen;
}

/** @typedef {keyof typeof SCREENS} ScreenName */

/** Which screen is shown. The session decides between before and after sign-up; before it, the person does. */
export class Screens extends Controller {
  /** @type {Controller | undefined} */
  #screen;
  /** @type {ScreenName | "loading"} */
  #name = "loading";
  #was_confirmed = false;

  // Lifecycle

  async start() {
    // Dialogs stand beside the screens, and ask for one as well.
    this.listen(document.body, /** @type {"click"} */ ("show-screen"), (event) => this.#asked(/** @type {CustomEvent} */ (/** @type {unknown} */ (event))));
    this.follow("profile", () => void this.#follow_profile());
    this.follow("locked", () => void this.#follow_profile());
    this.follow("connection", ({ state }) => (document.documentElement.dataset.connection = state));
    this.adopt(new AlertView(this.element, this.context)).start();
    const { missing } = await this.commands.check_browser();
    if (missing.length > 0) await this.#show("unsupported");
    else await this.#follow_profile();
  }

  // Actions

  async #follow_profile() {
    const { session, clock } = this.context;
    const profile = session.profile();
    const now = { shown: this.#name, was_confirmed: this.#was_confirmed, now: clock().now };
    const wanted = first_screen({ profile, locked: session.locked(), ...now });
    this.#was_confirmed = profile?.recovery_confirmed ?? false;
    if (wanted !== "before") await this.#show(wanted);
    // Who was locked out and erased this browser is on the way back in.
    else if (INSIDE.has(this.#name)) await this.#show(this.#name === "locked" ? "recover" : this.#first_of_new());
  }

  /** @param {CustomEvent<ScreenName>} event */
  #asked({ detail }) {
    void this.#show(detail);
  }

  // Internal

  /** Who has a registration code wants an account, unless there was one here, which the welcome knows how to bring back. @returns {ScreenName} */
  #first_of_new() {
    const { router, session } = this.context;
    return router.route.name === "registration" && !session.was_here() ? "sign_up" : "welcome";
  }

  /** @param {ScreenName} name */
  async #show(name) {
    if (name === this.#name) return;
    this.#name = name;
    if (name === "locked") this.#conceal();
    if (!OUTSIDE.has(name)) this.#prepare();
    const screen_of = SCREENS[name];
    const controller = "load" in screen_of ? await this.#load(screen_of.load) : screen_of.controller;
    // Another was wanted meanwhile, or this one can't be had.
    if (!controller || this.#name !== name) return;
    this.release(this.#screen);
    const { template } = screen_of;
    const element = clone(template);
    this.element.replaceChildren(element);
    document.documentElement.dataset.screen = name;
    const screen = new controller(element, this.context);
    this.#screen = this.adopt(screen);
    screen.start();
    /** @type {HTMLElement | null} */ (element.querySelector("[data-focus]"))?.focus({ preventScroll: true });
  }

  /** An account is near: what is shown then is loaded before it is asked for. */
  #prepare() {
    this.context.session.prepare();
    void load_main().catch(() => undefined);
  }

  /** @template T @param {() => Promise<T>} load @returns {Promise<T | null>} */
  async #load(load) {
    try {
      return await load();
    } catch (error) {
      show_failure(error);
      return null;
    }
  }

  /** What stands outside the screens is not to be seen either once the browser is locked. */
  #conceal() {
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
    this.context.toasts.clear();
    this.context.announcer.clear();
  }
}
