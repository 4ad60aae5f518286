// @ts-check
import { words_for_error } from "../error_words.js";
import { day_label, full_date } from "../helpers/format_time.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { show_pending_key } from "../start/show_pending_key.js";
import { text } from "../texts.js";
import { CheckKeyDialog } from "./check_key_dialog.js";
import { NewKeyDialog } from "./new_key_dialog.js";
import { PasskeyList } from "./passkey_list.js";

/** @import { Recovery } from "../device_types.js" */

/** The ways back in: the recovery key, what is announced about it, and passkeys. */
export class RecoverySection extends Controller {
  #confirmed = true;

  // Lifecycle

  start() {
    const refresh = latest_only(() => this.#refresh(), (error) => this.context.toasts.warn_about(error));
    this.listen(this.part("check_key"), "click", () => this.#check());
    this.listen(this.part("new_key"), "click", () => new NewKeyDialog("new-key", this.context).open());
    this.listen(this.part("object_key"), "click", () => this.#object("object_key", "object_recovery_key"));
    this.listen(this.part("object_reset"), "click", () => this.#object("object_reset", "object_reset"));
    this.adopt(new PasskeyList(this.element, this.context)).start();
    this.follow("profile", refresh);
    this.follow("devices", refresh);
    refresh();
  }

  // Actions

  /** A key that is not confirmed yet can be shown once more. */
  async #check() {
    try {
      const shown = !this.#confirmed && (await while_busy(this.part("check_key"), () => show_pending_key(this.element, this.context)));
      if (!shown) new CheckKeyDialog("check-key", this.context).open();
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  /**
   * @param {string} button
   * @param {"object_recovery_key" | "object_reset"} command
   */
  async #object(button, command) {
    try {
      await while_busy(this.part(button), () => this.commands[command]());
      this.context.toasts.say(text("objected"));
      await this.#refresh();
    } catch (error) {
      this.context.toasts.warn(words_for_error(error));
    }
  }

  // Internal

  async #refresh() {
    const recovery = await this.queries.recovery();
    if (!this.ending.aborted) this.#show(recovery);
  }

  /** @param {Recovery} recovery */
  #show({ confirmed, announced, renewal_needed, reset_from }) {
    const clock = this.context.clock();
    const state = !confirmed ? "unconfirmed" : renewal_needed ? "old" : "confirmed";
    this.#confirmed = confirmed;
    this.part("recovery_state").dataset.state = state;
    this.part("check_key").textContent = text(confirmed ? "recovery_check_action" : "recovery_confirm_action");
    this.part("recovery_icon", SVGElement).setAttribute("href", state === "confirmed" ? "#icon-verified" : "#icon-warning");
    this.part("recovery_text").textContent = text(`recovery_${state}`);
    this.part("recovery_hint").textContent = text(`recovery_${state}_hint`);
    this.part("announced").hidden = announced === null;
    if (announced !== null) {
      const key = announced.own ? "announced_own" : "announced_other";
      this.part("announced_text").textContent = text(key, { date: full_date(announced.from, clock) });
    }
    this.part("reset_note").hidden = reset_from === null;
    const day = reset_from === null ? "" : day_label(Date.parse(`${reset_from}T12:00:00Z`), { ...clock, zone: "UTC" });
    this.part("reset_text").textContent = text("reset_announced", { date: day });
  }
}
