// @ts-check
import { suggest_device_name } from "../helpers/device_name.js";
import { count_characters, KEY_CHARACTERS } from "../helpers/recovery_groups.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { group_while_typing } from "../kit/key_field.js";
import { text } from "../texts.js";
import { show_screen } from "./show_screen.js";
import { words_at_start } from "./words_at_start.js";

/** @import { Alert } from "../session_types.js" */

/** An account file and its recovery key make this browser a device of the account. */
export class ImportScreen extends Controller {
  #file = this.part("file", HTMLInputElement);
  #key = this.part("key", HTMLInputElement);

  // Lifecycle

  start() {
    const picker = this.part("picker");
    group_while_typing(this.#key, this.ending);
    this.listen(this.part("back"), "click", () => show_screen(this.element, "choice"));
    this.listen(this.#file, "change", () => this.#picked());
    this.listen(picker, "dragover", (event) => event.preventDefault());
    this.listen(picker, "drop", (event) => this.#dropped(event));
    this.listen(this.element, "submit", (event) => this.#submit(event));
    this.follow("alert", (alert) => this.#progressed(alert));
  }

  // Actions

  #picked() {
    const file = this.#file.files?.[0];
    this.part("picker").dataset.filled = String(file !== undefined);
    if (file !== undefined) this.part("file_name").textContent = file.name;
    this.#show_error("");
  }

  /** @param {DragEvent} event */
  #dropped(event) {
    event.preventDefault();
    if (event.dataTransfer?.files.length !== 1) return;
    this.#file.files = event.dataTransfer.files;
    this.#picked();
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const problem = this.#problem();
    this.#show_error(problem);
    if (problem === "") await while_busy(this.part("submit"), () => this.#import());
  }

  /** @param {Alert} alert */
  #progressed({ code, done, total }) {
    if (code !== "import_progress" || done === undefined || total === undefined) return;
    const bar = this.part("progress", HTMLProgressElement);
    bar.max = Math.max(total, 1);
    bar.value = done;
    this.part("progress_text").textContent = text("import_progress", { done, total });
  }

  // Internal

  async #import() {
    this.part("progress_block").hidden = false;
    this.part("progress_text").textContent = text("import_starting");
    this.part("progress", HTMLProgressElement).removeAttribute("value");
    try {
      const file = /** @type {File} */ (this.#file.files?.[0]);
      const device_name = suggest_device_name(navigator.userAgent);
      await this.commands.import_account({ file, recovery_key: this.#key.value.trim(), device_name });
    } catch (error) {
      this.#show_error(words_at_start(error, this.context));
    } finally {
      this.part("progress_block").hidden = true;
    }
  }

  /** @returns {string} what is wrong with what was typed; empty when nothing */
  #problem() {
    const count = count_characters(this.#key.value);
    if (this.#file.files?.length !== 1) return text("import_file_missing");
    if (count === 0) return text("import_key_missing");
    return count === KEY_CHARACTERS ? "" : text("import_key_length", { count });
  }

  /** @param {string} words */
  #show_error(words) {
    this.part("error").textContent = words;
  }
}
