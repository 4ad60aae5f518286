// @ts-check
import { words_for_error } from "../error_words.js";
import { archive_line, format_size } from "../helpers/archive_words.js";
import { counted } from "../helpers/plural.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { text } from "../texts.js";
import { ArchiveOffDialog } from "./archive_off_dialog.js";
import { PersistHint } from "./persist_hint.js";

/** @import { Archive } from "../device_types.js" */

/** What has been said and is kept for one's other devices: on or off, and how far it is. */
export class HistorySection extends Controller {
  #switch = this.part("archive_on", HTMLInputElement);
  #refresh = latest_only(() => this.#load(), (error) => this.context.toasts.warn_about(error));

  // Lifecycle

  start() {
    this.listen(this.#switch, "change", () => this.#changed());
    this.adopt(new PersistHint(this.part("history_persist"), this.context)).start();
    this.#show_storage();
    this.follow("archive", this.#refresh);
    this.#refresh();
  }

  // Actions

  async #changed() {
    if (!this.#switch.checked) {
      this.#switch.checked = true;
      new ArchiveOffDialog("archive-off", this.context).open_for(this.#refresh);
      return;
    }
    try {
      await while_busy(this.#switch, () => this.commands.set_archive({ on: true }));
    } catch (error) {
      this.context.toasts.warn(text("setting_failed", { reason: words_for_error(error) }));
    }
    this.#refresh();
  }

  // Internal

  async #load() {
    const archive = await this.queries.archive();
    if (!this.ending.aborted) this.#show(archive);
  }

  async #show_storage() {
    const storage = await this.commands.storage_used();
    if (this.ending.aborted || !storage) return;
    const { used, allowed } = storage;
    this.part("storage_used").hidden = false;
    this.part("storage_used").textContent = text("storage_used", { used: format_size(used), allowed: format_size(allowed) });
  }

  /** @param {Archive} archive */
  #show(archive) {
    const { on, state, done, total, missing } = archive;
    this.#switch.checked = on;
    this.part("archive_state").dataset.state = state;
    this.part("archive_state").textContent = archive_line(archive);
    this.part("archive_bar", HTMLProgressElement).hidden = state !== "restoring";
    this.part("archive_bar", HTMLProgressElement).max = Math.max(total, 1);
    this.part("archive_bar", HTMLProgressElement).value = done;
    this.part("archive_missing").hidden = missing === 0;
    this.part("archive_missing").textContent = counted("archive_missing", missing);
  }
}
