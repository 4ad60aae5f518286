// @ts-check
import { words_for_error } from "../error_words.js";
import { day_and_time } from "../helpers/format_time.js";
import { tidy_witnesses } from "../helpers/key_log_rules.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { show_field_error } from "../kit/field_error.js";
import { latest_only } from "../kit/latest_only.js";
import { text } from "../texts.js";

/** @import { KeyLog } from "../session_types.js" */

const ICONS = { ok: "verified", new: "unverified", frozen: "waiting", unreachable: "waiting", unwitnessed: "waiting", broken: "warning" };

/** How the server's key log is doing, and who else has to confirm it. */
export class KeyLogSection extends Controller {
  #witnesses = this.part("witnesses", HTMLTextAreaElement);
  #quorum = this.part("quorum", HTMLInputElement);
  /** What was typed and not saved yet is not overwritten by news. */
  #typed = false;

  // Lifecycle

  start() {
    const refresh = latest_only(async () => void (await this.#refresh()), (error) => this.context.toasts.warn_about(error));
    this.listen(this.part("check"), "click", () => while_busy(this.part("check"), () => this.#check()));
    this.listen(this.part("form"), "submit", (event) => this.#submit(event));
    this.listen(this.part("form"), "input", () => (this.#typed = true));
    this.follow("key_log", refresh);
    refresh();
  }

  // Actions

  async #check() {
    try {
      await this.commands.check_key_log();
      const log = await this.#refresh();
      this.context.toasts.say(text("log_looked", { state: text(`log_${shown_state(log)}`) }));
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    this.#show_error(this.#witnesses, "");
    this.#show_error(this.#quorum, "");
    const wanted = tidy_witnesses(this.#witnesses.value, this.#quorum.valueAsNumber);
    if (wanted === null) this.#show_error(this.#quorum, text("log_quorum_wrong"));
    else await while_busy(this.part("save"), () => this.#save(wanted));
  }

  // Internal

  /** @param {{ witnesses: string, quorum: number }} wanted */
  async #save(wanted) {
    try {
      await this.commands.set_witnesses(wanted);
      this.#typed = false;
      this.context.toasts.say(text(wanted.quorum === 0 ? "log_witnesses_removed" : "log_witnesses_saved"));
      await this.#refresh();
    } catch (error) {
      this.#show_error(this.#witnesses, words_for_error(error));
    }
  }

  /** @returns {Promise<KeyLog>} */
  async #refresh() {
    const log = await this.queries.key_log();
    if (!this.ending.aborted) this.#show(log);
    return log;
  }

  /** @param {KeyLog} log */
  #show(log) {
    const { time, checked, witnesses, quorum } = log;
    const clock = this.context.clock();
    const state = shown_state(log);
    this.part("state").dataset.state = state;
    this.part("state_icon", SVGElement).setAttribute("href", `#icon-${ICONS[state]}`);
    this.part("state_text").textContent = text(`log_${state}`);
    this.part("newest").textContent = time === 0 ? text("log_no_entry") : day_and_time(time, clock);
    this.part("checked").textContent = checked === 0 ? text("log_never") : day_and_time(checked, clock);
    if (this.#typed) return;
    this.#witnesses.value = witnesses;
    this.#quorum.value = witnesses === "" ? "" : String(quorum);
  }

  /**
   * @param {HTMLTextAreaElement | HTMLInputElement} field
   * @param {string} words
   */
  #show_error(field, words) {
    show_field_error(field, this.part(field === this.#quorum ? "quorum_error" : "witnesses_error"), words);
  }
}

/**
 * @param {KeyLog} log
 * @returns {keyof typeof ICONS} a log that was never looked at is not yet in order
 */
function shown_state({ state, checked }) {
  return state === "ok" && checked === 0 ? "new" : state;
}
