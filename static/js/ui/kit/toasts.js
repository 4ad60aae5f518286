// @ts-check
import { is_talk2me_error } from "../../errors.js";
import { words_for_error } from "../error_words.js";
import { clone, find_part } from "./template.js";

const SHOWN_MS = 5000;

/** Short notices at the lower edge. Errors stay until they are dismissed. */
export class Toasts {
  #region = /** @type {HTMLElement} */ (document.getElementById("toasts"));

  /** @param {string} words what has been done */
  say(words) {
    const toast = this.#add(words, "status");
    setTimeout(() => toast.remove(), SHOWN_MS);
  }

  /**
   * @param {string} words what went wrong
   * @param {string} [code] of errors.js: the same is not told twice
   */
  warn(words, code = "") {
    for (const other of this.#region.children) if (other.firstElementChild?.textContent === words) other.remove();
    this.#add(words, "alert").dataset.code = code;
  }

  /** @param {unknown} error whatever was thrown */
  warn_about(error) {
    // What was under way when the browser was locked fails, and the screen says why.
    if (is_talk2me_error(error, "locked")) return;
    this.warn(words_for_error(error), is_talk2me_error(error) ? error.code : "internal");
  }

  /** The dialog that held them is gone; they are not. */
  outlive() {
    if (!this.#region.isConnected) this.#place();
  }

  clear() {
    this.#region.replaceChildren();
  }

  /** Everything outside the dialog opened last is inert: the notices go where the person is. */
  #place() {
    ([...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body).append(this.#region);
    this.#region.showPopover();
  }

  /**
   * @param {string} words
   * @param {"status" | "alert"} role
   * @returns {HTMLElement}
   */
  #add(words, role) {
    const toast = clone("toast");
    toast.setAttribute("role", role);
    find_part(toast, "text", HTMLElement).textContent = words;
    find_part(toast, "close", HTMLElement).addEventListener("click", () => toast.remove());
    this.#region.append(toast);
    this.#place();
    return toast;
  }
}
