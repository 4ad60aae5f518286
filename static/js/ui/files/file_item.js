// @ts-check
// One file of a message: what all kinds of them show and do.
import { words_for_code, words_for_error } from "../error_words.js";
import { format_size } from "../helpers/archive_words.js";
import { find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { is_talk2me_error } from "../../errors.js";

/** @import { Context } from "../context.js" */
/** @import { FileProgress, MessageFile } from "../file_types.js" */
/** @import { Message, Session } from "../session_types.js" */
/** @typedef {{ message: Message, file: MessageFile, index: number, context: Context }} Shown */

/** @type {WeakMap<Element, FileItem>} */
const items = new WeakMap();
/** @type {WeakSet<Session>} */
const followed = new WeakSet();

export class FileItem {
  /** @param {HTMLElement} element from a template @param {Shown} shown */
  constructor(element, { message, file, index, context }) {
    this.element = element;
    this.message = message;
    this.file = file;
    this.index = index;
    this.context = context;
    element.dataset.file = file.id;
    items.set(element, this);
    follow_progress(context.session);
    this.part("stop").addEventListener("click", (event) => this.#stop(event));
    this.part("stop").ariaLabel = text("file_stop", { name: file.name });
    this.rest();
  }

  /** @param {Element} element @returns {FileItem | undefined} */
  static of(element) {
    return items.get(element);
  }

  // For those who extend it

  /** The button that most people want: a kind has its own. @returns {HTMLElement} */
  get main() {
    return this.part("stop");
  }

  /** @param {string} name @returns {HTMLElement} */
  part(name) {
    return find_part(this.element, name, HTMLElement);
  }

  /** Which conversation it stands in shows where it stands. */
  get place() {
    const pane = this.element.closest("[data-conversation]");
    return { conversation: pane instanceof HTMLElement ? (pane.dataset.conversation ?? "") : "", id: this.message.id, index: this.index };
  }

  /**
   * What it is held under once it is open. Ids of files and digests are whatever their author wrote, and another message may have the
   * same: what is shown of one is never shown of the other.
   * @returns {string}
   */
  get name_here() {
    return `${this.message.id} ${this.index} ${this.file.digest}`;
  }

  /** What is said of it while nothing happens. @returns {string} */
  about() {
    return this.file.state === "expired" ? text("file_expired_words") : format_size(this.file.size);
  }

  /** Nothing is under way. */
  rest() {
    if (this.file.state !== "uploading") this.#show("none", this.about());
    else if (this.message.status === "failed") this.#show("failed", text("file_not_sent"));
    else this.#show("moving", text("file_sending"));
  }

  /** @param {number} done @param {number} total bytes @returns {string} */
  progress_words(done, total) {
    return text("file_part", { done: format_size(done), total: format_size(total) });
  }

  /** @returns {Promise<Blob | null>} null when it could not be had, which is shown */
  async read() {
    try {
      return (await this.context.session.commands.read_file(this.place)).blob;
    } catch (error) {
      if (is_talk2me_error(error, "file_cancelled")) this.rest();
      else this.#show("failed", words_for_error(error));
      return null;
    }
  }

  /** @param {FileProgress} progress */
  show_progress({ state, done, total, error }) {
    const bar = this.element.querySelector("progress");
    if (bar) Object.assign(bar, { max: total, value: done });
    if (state === "done") this.rest();
    else if (state === "failed") this.#show("failed", words_for_code(error));
    else if (state === "paused") this.#show(this.file.state === "uploading" ? "moving" : "none", text("file_waits"));
    else this.#show("moving", this.progress_words(done, total));
  }

  // Internal

  /** @param {"none" | "moving" | "failed"} transfer @param {string} words */
  #show(transfer, words) {
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    this.element.dataset.transfer = transfer;
    this.part("about").textContent = words;
    this.part("stop").hidden = transfer !== "moving" && this.file.state !== "uploading";
    // One button comes in the place of the other.
    if (focused?.checkVisibility() === false) [this.main, this.part("stop")].find((button) => button.checkVisibility())?.focus();
  }

  /** @param {Event} event */
  async #stop(event) {
    event.stopPropagation();
    try {
      await this.context.session.commands.cancel_file({ id: this.file.id });
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }
}

/** One listener for all that are shown: they come and go with their rows. @param {Session} session */
function follow_progress(session) {
  if (followed.has(session)) return;
  followed.add(session);
  session.on("file", (progress) => {
    for (const element of document.querySelectorAll(`[data-file="${CSS.escape(progress.id)}"]`)) items.get(element)?.show_progress(progress);
  });
}
