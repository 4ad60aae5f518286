// @ts-check
import { format_size } from "../helpers/archive_words.js";
import { counted } from "../helpers/plural.js";
import { Controller } from "../kit/controller.js";
import { clone } from "../kit/template.js";
import { text } from "../texts.js";
import { AttachTray } from "./attach_tray.js";
import { prepare_file } from "./prepare_file.js";
import { VoiceRecorder } from "./voice_recorder.js";

/** @import { Conversation } from "../session_types.js" */

/** docs/protocol.md 8 */
const MOST = 16;

/** Whatever is sent besides words: chosen, pasted, dropped or spoken. Its element is the composer's. */
export class Attach extends Controller {
  #id = "";
  #limit = Infinity;
  #tray = this.adopt(new AttachTray(clone("attach-tray"), this.context));
  #hint = clone("drop-hint");

  // Lifecycle

  /** @param {Conversation} conversation @param {{ input: HTMLTextAreaElement, on_change: () => void }} composer */
  start({ id }, { input, on_change }) {
    this.#id = id;
    this.part("attach").replaceChildren(clone("attach"));
    this.part("chosen_files").append(this.#tray.element);
    this.#tray.start({ on_change, on_empty: () => this.part("choose").focus() });
    const picker = this.part("picker", HTMLInputElement);
    this.listen(this.part("choose"), "click", () => picker.click());
    this.listen(picker, "change", () => {
      this.#add([...(picker.files ?? [])]);
      picker.value = "";
      input.focus();
    });
    this.listen(input, "paste", (event) => this.#pasted(event));
    this.#take_what_is_dropped(input);
    this.adopt(new VoiceRecorder(this.element, this.context)).start(id);
    this.at_end(() => this.#hint.remove());
    void this.#ask_limit();
  }

  // For the composer

  get has_files() {
    return this.#tray.files.length > 0 && !this.#tray.busy;
  }

  /**
   * Sends what was chosen, with what was written. When it fails everything stays where it is.
   * @param {{ text: string, reply?: string, mentions?: string[] }} message
   */
  async send(message) {
    const { files, original } = this.#tray;
    this.#tray.busy = true;
    try {
      const given = [];
      for (const file of files) given.push(await prepare_file(file, { original }));
      await this.commands.send_files({ conversation: this.#id, files: given, ...message });
      this.#tray.clear();
    } finally {
      this.#tray.busy = false;
    }
  }

  // Actions

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.#add(files);
  }

  /** @param {File[]} files */
  #add(files) {
    const { toasts } = this.context;
    const fitting = files.filter(({ size }) => size <= this.#limit);
    for (const { name } of files.filter((file) => !fitting.includes(file))) {
      toasts.warn(text("attach_too_large", { name, limit: format_size(this.#limit) }));
    }
    const room = MOST - this.#tray.files.length;
    if (fitting.length > room) toasts.warn(counted("attach_most", MOST));
    if (fitting.length > 0) void this.#tray.add(fitting.slice(0, room));
  }

  // Internal

  /** A file that is dropped beside would make the browser leave the page. @param {HTMLElement} input */
  #take_what_is_dropped(input) {
    const has_files = (/** @type {DragEvent} */ { dataTransfer }) => dataTransfer?.types.includes("Files") ?? false;
    this.listen(document.body, "dragover", (event) => {
      if (!has_files(event)) return;
      event.preventDefault();
      if (!this.#hint.isConnected) this.element.closest(".conversation")?.append(this.#hint);
    });
    // Out of the window, or given up. From one part of the page into another it says where it goes.
    this.listen(document.body, "dragleave", ({ relatedTarget }) => relatedTarget === null && this.#hint.remove());
    this.listen(document.body, "drop", (event) => {
      if (!has_files(event)) return;
      event.preventDefault();
      this.#hint.remove();
      if (document.querySelector("dialog:modal") !== null) return;
      this.#add([...(event.dataTransfer?.files ?? [])]);
      input.focus();
    });
  }

  async #ask_limit() {
    // Where it can't be asked the session says it when it knows.
    const { limits } = await this.commands.server_info().catch(() => ({ limits: undefined }));
    if (limits?.attachment !== undefined) this.#limit = limits.attachment;
  }
}
