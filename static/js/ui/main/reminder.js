// @ts-check
import { words_for_error } from "../error_words.js";
import { reminder_for } from "../helpers/reminder_rules.js";
import { full_date } from "../helpers/format_time.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { CheckKeyDialog } from "../settings/check_key_dialog.js";
import { NewKeyDialog } from "../settings/new_key_dialog.js";
import { show_pending_key } from "../start/show_pending_key.js";
import { text } from "../texts.js";

/** @import { ReminderKind } from "../helpers/reminder_rules.js" */
/** @import { Recovery } from "../device_types.js" */

const HOUR = 60 * 60 * 1000;

/** What there is to do about the ways back in, above the conversations. It can be put off, unless somebody else is at work. */
export class Reminder extends Controller {
  /** @type {ReminderKind | null} */
  #kind = null;
  #refresh = latest_only(() => this.#load(), (error) => this.context.toasts.warn_about(error));

  // Lifecycle

  start() {
    this.listen(this.part("action"), "click", () => this.#act());
    this.listen(this.part("later"), "click", () => this.#do("later", () => this.commands.postpone_recovery_reminder()));
    this.follow("profile", this.#refresh);
    this.follow("devices", this.#refresh);
    const timer = setInterval(this.#refresh, HOUR);
    this.at_end(() => clearInterval(timer));
    this.#refresh();
  }

  // Actions

  #act() {
    if (this.#kind === "confirm") this.#confirm();
    else if (this.#kind === "check") this.#open(new CheckKeyDialog("check-key", this.context));
    else if (this.#kind === "renewal") this.#open(new NewKeyDialog("new-key", this.context));
    else if (this.#kind === "recovery_announced") this.#do("action", () => this.commands.object_recovery_key());
    else if (this.#kind === "reset_announced") this.#do("action", () => this.commands.object_reset());
  }

  async #confirm() {
    try {
      await while_busy(this.part("action"), () => this.#show_pending());
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  // Internal

  async #show_pending() {
    if (!(await show_pending_key(this.element, this.context))) this.#open(new CheckKeyDialog("check-key", this.context));
  }

  /** @param {CheckKeyDialog | NewKeyDialog} dialog */
  #open(dialog) {
    dialog.at_end(this.#refresh);
    dialog.open();
  }

  /**
   * @param {string} button
   * @param {() => Promise<unknown>} work
   */
  async #do(button, work) {
    try {
      await while_busy(this.part(button), work);
    } catch (error) {
      this.context.toasts.warn(words_for_error(error));
    }
    this.#refresh();
  }

  async #load() {
    const recovery = await this.queries.recovery();
    if (this.ending.aborted) return;
    this.#kind = reminder_for(recovery);
    this.element.hidden = this.#kind === null;
    if (this.#kind !== null) this.#show(this.#kind, recovery);
  }

  /**
   * @param {ReminderKind} kind
   * @param {Recovery} recovery
   */
  #show(kind, { announced, reset_from }) {
    const urgent = kind === "recovery_announced" || kind === "reset_announced";
    const time = kind === "reset_announced" ? Date.parse(`${reset_from}T12:00:00Z`) : (announced?.from ?? 0);
    const words = text(`reminder_${kind}`, { date: full_date(time, this.context.clock()) });
    this.element.dataset.kind = kind;
    if (this.part("words").textContent !== words) this.part("words").textContent = words;
    this.part("icon", SVGElement).setAttribute("href", urgent ? "#icon-warning" : "#icon-key");
    this.part("action").textContent = text(`reminder_${kind}_action`);
    this.part("later").hidden = urgent;
  }
}
