// @ts-check
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";
import { fill_device_name } from "./device_name_field.js";
import { show_screen } from "./show_screen.js";
import { words_at_start } from "./words_at_start.js";

/** A passkey makes this browser a device of the account. */
export class PasskeyScreen extends Controller {
  #device_name = fill_device_name(this.part("device_name", HTMLInputElement));

  // Lifecycle

  start() {
    this.listen(this.part("back"), "click", () => show_screen(this.element, "choice"));
    this.listen(this.part("form"), "submit", (event) => this.#submit(event));
  }

  // Actions

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    this.part("error").textContent = "";
    await while_busy(this.part("submit"), () => this.#sign_in());
  }

  // Internal

  async #sign_in() {
    this.part("progress").textContent = text("passkey_asked");
    try {
      await this.commands.passkey_sign_in({ device_name: this.#device_name() });
    } catch (error) {
      this.part("error").textContent = words_at_start(error, this.context);
    } finally {
      this.part("progress").textContent = "";
    }
  }
}
