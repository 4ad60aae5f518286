// @ts-check
import { is_new_alarm } from "../helpers/key_log_rules.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { AlarmPage } from "./alarm_page.js";
import { KeyLogBanner } from "./key_log_banner.js";

/** @import { KeyLog } from "../session_types.js" */

/** Follows the state of the key log, and shows the banner and the page that go with it. */
export class KeyLogWatch extends Controller {
  /** @type {KeyLog | undefined} */
  #log;
  /** @type {AlarmPage | undefined} */
  #page;
  #banner = this.adopt(new KeyLogBanner(this.part("log_banner"), this.context));

  // Lifecycle

  async start() {
    const refresh = latest_only(() => this.#refresh(), (error) => this.context.toasts.warn_about(error));
    this.#banner.start({ on_details: () => this.#show_details() });
    this.at_end(() => this.#page?.end());
    this.follow("key_log", refresh);
    refresh();
  }

  // Actions

  #show_details() {
    if (this.#log?.state === "broken" && this.#log.alarm !== null) this.#open_page(this.#log);
    else this.context.router.go({ name: "settings", section: "key_log" });
  }

  // Internal

  async #refresh() {
    const log = await this.queries.key_log();
    if (this.ending.aborted) return;
    this.#log = log;
    this.#banner.show(log);
    if (this.#page !== undefined) this.#page.update(log);
    else if (is_new_alarm(log)) this.#open_page(log);
  }

  /** @param {KeyLog} log */
  #open_page(log) {
    const page = new AlarmPage("log-alarm", this.context);
    this.#page = page;
    page.at_end(() => this.#page_closed());
    page.open_for(log, this.part("log_details"));
  }

  #page_closed() {
    this.#page = undefined;
    if (this.ending.aborted) return;
    // A browser may close any dialog at a second Esc. This one waits for an answer.
    if (this.#log !== undefined && is_new_alarm(this.#log)) this.#open_page(this.#log);
  }
}
