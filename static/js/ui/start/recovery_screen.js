// @ts-check
import { split_groups } from "../helpers/recovery_groups.js";
import { Controller } from "../kit/controller.js";
import { copy_text } from "../kit/copy_text.js";
import { save_file } from "../kit/files.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { RecoveryConfirmation } from "./recovery_confirmation.js";
import { show_screen } from "./show_screen.js";

/** Shows the recovery key; then asks for two of its groups. */
export class RecoveryScreen extends Controller {
  #key = "";

  // Lifecycle

  async start() {
    this.listen(this.part("copy"), "click", () => copy_text(this.#key, this.context.toasts));
    this.listen(this.part("download"), "click", () => this.#download());
    this.listen(this.part("print"), "click", () => print());
    this.listen(this.part("continue"), "click", () => this.#turn_to("confirm"));
    this.listen(this.part("again"), "click", () => this.#turn_to("show"));
    for (const part of ["later", "later_too"]) this.listen(this.part(part), "click", () => this.#put_off());
    // Who has an account needs no code any more; an invitation to talk is still to be opened.
    if (this.context.router.route.name === "registration") this.context.router.replace({ name: "list" });
    this.part("print_note").textContent = text("recovery_print_note", this.#names());
    const key = await this.commands.pending_recovery_key();
    // Another device has it, or nobody any more: the reminder above the conversations asks for it.
    if (key === null) show_screen(this.element, "main");
    else this.#show(key);
  }

  // Actions

  #download() {
    const words = text("recovery_file", { ...this.#names(), key: this.#key });
    save_file(new Blob([words], { type: "text/plain;charset=utf-8" }), text("recovery_file_name", this.#names()));
  }

  /** @param {"show" | "confirm"} side */
  #turn_to(side) {
    this.part("show").hidden = side !== "show";
    this.part("confirm").hidden = side !== "confirm";
    const focus = side === "confirm" ? this.part("inputs").querySelector("input") : this.part("show").querySelector("h1");
    focus?.focus();
  }

  /** The reminder above the conversations asks again. */
  async #put_off() {
    try {
      await this.commands.postpone_recovery_reminder();
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
    show_screen(this.element, "main");
  }

  // Internal

  /** @param {string} key */
  #show(key) {
    this.#key = key;
    const groups = split_groups(key);
    this.part("groups").replaceChildren(...groups.map((group, index) => group_item(group, index)));
    this.adopt(new RecoveryConfirmation(this.part("confirm"), this.context)).start(groups.length);
  }

  #names() {
    return { username: this.context.session.profile()?.username ?? "", origin: location.origin };
  }
}

/**
 * @param {string} group
 * @param {number} index
 * @returns {HTMLElement}
 */
function group_item(group, index) {
  const item = clone("recovery-group");
  find_part(item, "index", HTMLElement).textContent = String(index + 1);
  find_part(item, "text", HTMLElement).textContent = group;
  return item;
}
