// @ts-check
import { words_for_error } from "../error_words.js";
import { full_time } from "../helpers/format_time.js";
import { is_new_alarm } from "../helpers/key_log_rules.js";
import { while_busy } from "../kit/busy.js";
import { Dialog } from "../kit/dialog.js";
import { save_file } from "../kit/files.js";
import { key_for, text } from "../texts.js";
import { RestartDialog } from "./restart_dialog.js";

/** @import { KeyLog, KeyLogAlarm } from "../session_types.js" */

/** The key log can't be trusted: what happened, and what to do. It takes the whole screen until it is answered. */
export class AlarmPage extends Dialog {
  #is_new = true;
  /** @type {HTMLElement | undefined} */
  #way_back;

  // Lifecycle

  /**
   * @param {KeyLog} log
   * @param {HTMLElement} way_back the button that opens it again
   */
  open_for(log, way_back) {
    this.#way_back = way_back;
    this.listen(this.dialog, "cancel", (event) => this.#is_new && event.preventDefault());
    this.listen(this.part("save"), "click", () => this.#try("save", () => this.#save()));
    this.listen(this.part("dismiss"), "click", () => this.#try("dismiss", () => this.#dismiss()));
    this.listen(this.part("restart"), "click", () => new RestartDialog("log-restart", this.context).open());
    this.update(log);
    this.open();
  }

  end() {
    super.end();
    // It may have come before anything had the focus.
    if (document.activeElement === document.body) this.#way_back?.focus();
  }

  // Actions

  /** @param {KeyLog} log as it is now; the page closes when another tab has answered it */
  update(log) {
    const was_new = this.#is_new;
    this.#is_new = is_new_alarm(log);
    if (log.alarm === null || log.state !== "broken" || (was_new && !this.#is_new && this.dialog.open)) this.close();
    else this.#show(log, log.alarm);
  }

  async #save() {
    const { file, name } = await this.commands.save_evidence();
    save_file(file, name);
    this.part("result").textContent = text("alarm_saved", { name });
  }

  async #dismiss() {
    if (this.#is_new) await this.commands.dismiss_key_log_alarm();
    this.#is_new = false;
    this.close();
  }

  // Internal

  /**
   * @param {KeyLog} log
   * @param {KeyLogAlarm} alarm
   */
  #show({ name, size }, { code, found, username }) {
    const who = { name: username ?? text(`alarm_${code}_who`) };
    this.dialog.dataset.code = code;
    this.part("title").textContent = text(key_for("alarm", code, "_title"), who);
    this.part("text").textContent = text(key_for("alarm", code), who);
    this.part("means").textContent = text(key_for("alarm", code, "_means"), who);
    this.part("dismiss").textContent = text(this.#is_new ? "alarm_dismiss" : "alarm_back");
    this.part("dismiss_hint").textContent = text(this.#is_new ? "alarm_dismiss_hint" : "alarm_back_hint");
    this.part("close").hidden = this.#is_new;
    this.part("code").textContent = code;
    this.part("found").textContent = full_time(found, this.context.clock());
    this.part("log_name").textContent = name;
    this.part("log_size").textContent = String(size);
    // Esc is no answer, except to a page that somebody came back to.
    this.dialog.setAttribute("closedby", this.#is_new ? "none" : "closerequest");
  }

  /**
   * @param {string} button
   * @param {() => Promise<void>} work
   */
  async #try(button, work) {
    this.part("error").textContent = "";
    try {
      await while_busy(this.part(button), work);
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
      this.part("error").scrollIntoView({ block: "nearest" });
    }
  }
}
