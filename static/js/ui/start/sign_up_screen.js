// @ts-check
import { words_for_code, words_for_error } from "../error_words.js";
import { suggest_device_name } from "../helpers/device_name.js";
import { name_problem, name_rules, tidy_name } from "../helpers/name_rules.js";
import { refusal_of, registration_code_in, registration_code_of } from "../helpers/routes.js";
import { is_talk2me_error } from "../../errors.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { show_field_error } from "../kit/field_error.js";
import { text } from "../texts.js";
import { show_screen } from "./show_screen.js";
import { words_at_start } from "./words_at_start.js";

/** A name, checked while it is typed and again by the server. */
export class SignUpScreen extends Controller {
  #username = this.part("username", HTMLInputElement);
  #invite = this.part("invite", HTMLInputElement);

  // Lifecycle

  start() {
    this.listen(this.part("back"), "click", () => show_screen(this.element, "welcome"));
    this.listen(this.#username, "input", () => this.#typed());
    this.listen(this.element.querySelector("form") ?? this.element, "submit", (event) => this.#submit(event));
    this.at_end(this.context.router.on_change(() => this.#take_code()));
    this.#take_code();
    this.#ask_server();
    this.#typed();
  }

  // Actions

  /** Who comes by a link need not type its code. */
  #take_code() {
    const { route } = this.context.router;
    this.#invite.value = registration_code_of(route) || this.#invite.value;
    const refusal = refusal_of(route);
    if (refusal !== "") this.#show_error(words_for_code(refusal));
  }

  #typed() {
    const rules = name_rules(tidy_name(this.#username.value));
    for (const item of this.part("rules").children) {
      const rule = /** @type {HTMLElement} */ (item).dataset.rule;
      /** @type {HTMLElement} */ (item).dataset.met = String(rules[/** @type {keyof typeof rules} */ (rule)]);
    }
    if (this.#username.ariaInvalid === "true") this.#show_name_error("");
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const problem = name_problem(tidy_name(this.#username.value));
    this.#show_error("");
    this.#show_name_error(problem === null ? "" : text(problem));
    if (problem === null) await while_busy(this.part("submit"), () => this.#sign_up());
  }

  // Internal

  async #sign_up() {
    const invite = registration_code_in(this.#invite.value);
    this.part("progress").textContent = text("signing_up");
    try {
      const device_name = suggest_device_name(navigator.userAgent);
      await this.commands.sign_up({ username: tidy_name(this.#username.value), device_name, ...(invite === "" ? {} : { invite }) });
    } catch (error) {
      const of_name = is_talk2me_error(error, "username_invalid") || is_talk2me_error(error, "username_taken");
      if (of_name) this.#show_name_error(words_for_error(error));
      else this.#show_error(words_at_start(error, this.context));
      if (is_talk2me_error(error, "invite_required")) this.#ask_invite();
    } finally {
      this.part("progress").textContent = "";
    }
  }

  async #ask_server() {
    try {
      const { registration, gate = null } = await this.commands.server_info();
      if (registration === "invite") this.#ask_invite();
      if (gate !== null && this.#invite.value === "") this.#offer_gate(gate);
      if (registration === "closed") this.#close();
    } catch {
      // Signing up will say what is wrong, if it still is by then.
    }
  }

  #close() {
    this.#show_error(words_for_code("registration_closed"));
    for (const part of ["username", "invite", "submit"]) this.part(part).toggleAttribute("disabled", true);
  }

  /** @param {string} name of an identity provider whose people may sign up */
  #offer_gate(name) {
    this.part("gate_link").textContent = text("gate", { name });
    this.part("gate").hidden = false;
  }

  #ask_invite() {
    this.part("invite_field").hidden = false;
  }

  /** @param {string} words */
  #show_name_error(words) {
    show_field_error(this.#username, this.part("username_error"), words);
  }

  /** @param {string} words */
  #show_error(words) {
    this.part("error").hidden = words === "";
    this.part("error").textContent = words;
  }
}
