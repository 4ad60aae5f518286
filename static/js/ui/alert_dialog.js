// @ts-check
import { Dialog } from "./kit/dialog.js";
import { text } from "./texts.js";

/** @import { Alert } from "./session_types.js" */
/** @import { Route, Section } from "./helpers/routes.js" */

/** @type {ReadonlyMap<string, Section>} where there is more to see and to do about it */
const SECTIONS = new Map([
  ["own_device_added", "devices"],
  ["recovery_announced", "recovery"],
  ["reset_announced", "recovery"],
  ["archive_incomplete", "history"],
  ["archive_full", "history"],
  ["vault_by_removed_device", "devices"],
]);

/** Something so important that it waits for an answer. */
export class AlertDialog extends Dialog {
  /** @param {Alert} alert */
  async open_for(alert) {
    if (document.querySelector(`dialog[data-code="${CSS.escape(alert.code)}"]`) !== null) return;
    this.dialog.dataset.code = alert.code;
    this.#say(alert, alert.username);
    this.open();
    const section = SECTIONS.get(alert.code);
    if (section !== undefined) this.#offer({ name: "settings", section });
    const conversation = await this.#conversation_of(alert);
    if (conversation === undefined || this.ending.aborted) return;
    this.#say(alert, conversation.peer.username);
    this.#offer({ name: "conversation", id: conversation.id, contact: false });
  }

  // Actions

  /** @param {Route} route */
  #show(route) {
    this.close();
    this.context.router.go(route);
  }

  // Internal

  /** @param {Route} route where there is more to see */
  #offer(route) {
    this.part("action").hidden = false;
    this.part("action").textContent = text("alert_show");
    this.listen(this.part("action"), "click", () => this.#show(route));
  }

  /**
   * @param {Alert} alert
   * @param {string | undefined} username
   */
  #say({ code, own, missing = 0 }, username) {
    const name = username ?? text("unknown_person");
    const key = own ? "alert_own_identity" : `alert_${code}`;
    this.part("title").textContent = text(`${key}_title`, { name });
    this.part("text").textContent = text(key, { name, missing });
    this.part("close").textContent = text("alert_close");
  }

  /** @param {Alert} alert */
  async #conversation_of({ conversation, account, own }) {
    if (own || (conversation === undefined && account === undefined)) return undefined;
    const all = await this.queries.conversations();
    return all.find(({ id, peer }) => id === conversation || peer.account === account);
  }
}
