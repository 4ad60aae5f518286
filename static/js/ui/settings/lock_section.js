// @ts-check
import { words_for_error } from "../error_words.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { text } from "../texts.js";
import { LockDialog } from "./lock_dialog.js";
import { RemoveLockDialog } from "./remove_lock_dialog.js";

/** @import { Lock } from "../device_types.js" */

/** Whether this browser is locked by something, when it locks itself, and locking it now. */
export class LockSection extends Controller {
  #refresh = latest_only(() => this.#load(), (error) => this.context.toasts.warn_about(error));
  /** @type {Lock} */
  #lock = { kind: "none", timeout: 0, persisted: null };

  // Lifecycle

  start() {
    for (const part of ["set_lock", "change_lock"]) this.listen(this.part(part), "click", () => this.#open_dialog(false));
    this.listen(this.part("remove_lock"), "click", () => new RemoveLockDialog("remove-lock", this.context).open_for(this.#lock.kind, this.#refresh));
    this.listen(this.part("lock_timeout"), "change", () => this.#set_timeout());
    this.listen(this.part("lock_now"), "click", () => this.#do("lock_now", () => this.commands.lock_now()));
    this.listen(this.part("sign_out"), "click", () => this.#sign_out());
    this.#refresh();
  }

  // Actions

  #set_timeout() {
    const timeout = Number(this.part("lock_timeout", HTMLSelectElement).value);
    return this.#do("lock_timeout", () => this.commands.set_lock_timeout({ timeout }));
  }

  /** Without a lock nothing would keep the next one out: it is set first. */
  #sign_out() {
    if (this.#lock.kind === "none") this.#open_dialog(true);
    else this.#do("sign_out", () => this.commands.sign_out());
  }

  /** @param {boolean} to_sign_out */
  #open_dialog(to_sign_out) {
    const { kind, timeout } = this.#lock;
    new LockDialog("lock-dialog", this.context).open_for({ timeout: kind === "none" ? 15 : timeout, to_sign_out, on_done: this.#refresh });
  }

  // Internal

  /**
   * @param {string} part
   * @param {() => Promise<unknown>} work
   */
  async #do(part, work) {
    try {
      await while_busy(this.part(part), work);
    } catch (error) {
      this.context.toasts.warn(words_for_error(error));
    }
    if (!this.ending.aborted) this.#refresh();
  }

  async #load() {
    const lock = await this.queries.lock();
    if (this.ending.aborted) return;
    this.#lock = lock;
    const has_lock = lock.kind !== "none";
    this.part("lock_state").dataset.state = lock.kind;
    this.part("lock_text").textContent = text(`lock_${lock.kind}`);
    this.part("set_lock").hidden = has_lock;
    for (const part of ["timeout_row", "change_lock", "remove_lock", "lock_now"]) this.part(part).hidden = !has_lock;
    const select = this.part("lock_timeout", HTMLSelectElement);
    select.value = String(lock.timeout);
  }
}
