// @ts-check
import { words_for_error } from "../error_words.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { text } from "../texts.js";

/** Whether this browser says that something has come, and how much of it. The browser asks only when a person turns it on. */
export class NotificationsSection extends Controller {
  #on = this.part("notifications_on", HTMLInputElement);
  #texts = this.part("notifications_texts", HTMLInputElement);
  #refresh = latest_only(() => this.#load(), (error) => this.context.toasts.warn_about(error));

  // Lifecycle

  start() {
    this.listen(this.#on, "change", () => this.#changed(this.#on, (on) => (on ? this.#allow() : this.commands.disable_push())));
    this.listen(this.#texts, "change", () => this.#changed(this.#texts, (texts) => this.commands.set_notifications({ texts })));
    this.follow("notifications", this.#refresh);
    this.#refresh();
  }

  // Actions

  /**
   * @param {HTMLInputElement} input
   * @param {(value: boolean) => Promise<unknown>} work
   */
  async #changed(input, work) {
    const value = input.checked;
    try {
      await while_busy(input, () => work(value));
    } catch (error) {
      this.context.toasts.warn(text("setting_failed", { reason: words_for_error(error) }));
    }
    this.#refresh();
  }

  async #allow() {
    const answer = await Notification.requestPermission();
    if (answer === "granted") await this.commands.enable_push();
  }

  // Internal

  async #load() {
    const { on, texts, pushed } = await this.queries.notifications();
    if (this.ending.aborted) return;
    /** @type {string} */
    const permission = globalThis.Notification?.permission ?? "missing";
    const works = on && permission === "granted";
    this.#on.checked = works;
    this.#on.disabled = permission === "missing" || permission === "denied";
    this.#texts.checked = texts;
    this.part("texts_row").hidden = !works;
    this.part("notifications_state").textContent = state_words(permission, works, pushed);
  }
}

/**
 * @param {string} permission
 * @param {boolean} works
 * @param {boolean} pushed
 * @returns {string}
 */
function state_words(permission, works, pushed) {
  if (permission === "missing") return text("notifications_missing");
  if (permission === "denied") return text("notifications_denied");
  if (!works) return text("notifications_off");
  return text(pushed ? "notifications_pushed" : "notifications_page_only");
}
