// @ts-check
import { is_talk2me_error } from "../../errors.js";
import { words_for_code } from "../error_words.js";
import { while_busy } from "../kit/busy.js";
import { Camera } from "../kit/camera.js";
import { Controller } from "../kit/controller.js";
import { group_while_typing } from "../kit/key_field.js";
import { text } from "../texts.js";
import { fill_device_name } from "./device_name_field.js";
import { show_screen } from "./show_screen.js";
import { words_at_start } from "./words_at_start.js";

/** @import { LinkNews } from "../device_types.js" */

/** The new browser of a link: it takes the code that another device shows, then both show the short one. */
export class LinkScreen extends Controller {
  #code = this.part("code", HTMLInputElement);
  #device_name = fill_device_name(this.part("device_name", HTMLInputElement));
  #cancelled = false;

  // Lifecycle

  start() {
    group_while_typing(this.#code, this.ending);
    this.listen(this.part("back"), "click", () => show_screen(this.element, "choice"));
    this.listen(this.part("cancel"), "click", () => this.#cancel());
    this.listen(this.part("form"), "submit", (event) => this.#submit(event));
    this.listen(this.part("form"), "input", () => this.#show_error(""));
    this.follow("link", (news) => this.#show(news));
    this.adopt(new Camera(this.element, this.context)).start({
      on_code: (scanned) => this.#scanned(scanned),
      on_problem: (words) => this.#show_error(words),
    });
  }

  // Actions

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    this.#show_error("");
    if (this.#code.value.trim() === "") this.#show_error(text("link_code_missing"));
    else await while_busy(this.part("submit"), () => this.#link());
  }

  /** @param {string} scanned */
  #scanned(scanned) {
    this.#code.value = scanned;
    this.part("submit").click();
  }

  /** Also when the server is away, the person gets out of here. */
  async #cancel() {
    this.#cancelled = true;
    try {
      await this.commands.cancel_link();
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
    this.#begin_anew("");
  }

  // Internal

  async #link() {
    this.#cancelled = false;
    try {
      await this.commands.link_browser({ code: this.#code.value.trim(), device_name: this.#device_name() });
    } catch (error) {
      if (!is_talk2me_error(error, "link_code_invalid")) this.#code.value = "";
      if (!this.#cancelled) this.#begin_anew(words_at_start(error, this.context));
    }
  }

  /** @param {LinkNews} news */
  #show({ side, step, code, error }) {
    if (side !== "new" || this.#cancelled) return;
    if (step === "failed") {
      this.#begin_anew(words_for_code(error));
      return;
    }
    this.#turn_to("progress");
    this.element.dataset.step = step;
    this.part("step_text").textContent = text(`link_new_${step}`);
    this.part("short").hidden = step !== "compare";
    if (step === "compare" && code !== undefined) this.part("short_code").textContent = code;
    this.part("cancel").hidden = step === "joining" || step === "done";
    this.part("working").hidden = step === "compare";
  }

  /** @param {string} words why it ended */
  #begin_anew(words) {
    if (this.ending.aborted) return;
    this.element.dataset.step = "form";
    this.#turn_to("form_side");
    this.#show_error(words);
    this.#code.focus();
  }

  /** @param {"form_side" | "progress"} side */
  #turn_to(side) {
    if (!this.part(side).hidden) return;
    this.part("form_side").hidden = side !== "form_side";
    this.part("progress").hidden = side !== "progress";
    if (side === "progress") this.part("progress").querySelector("h1")?.focus();
  }

  /** @param {string} words */
  #show_error(words) {
    this.part("error").textContent = words;
  }
}
