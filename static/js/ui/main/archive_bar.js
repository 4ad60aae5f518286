// @ts-check
import { restoring_words } from "../helpers/archive_words.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";

/** Above the conversations while older messages come back from the archive: everything can be used meanwhile. */
export class ArchiveBar extends Controller {
  // Lifecycle

  start() {
    const refresh = latest_only(() => this.#refresh(), (error) => this.context.toasts.warn_about(error));
    this.follow("archive", refresh);
    refresh();
  }

  // Internal

  async #refresh() {
    const archive = await this.queries.archive();
    if (this.ending.aborted) return;
    this.element.hidden = archive.state !== "restoring";
    if (this.element.hidden) return;
    const bar = this.part("progress", HTMLProgressElement);
    bar.max = Math.max(archive.total, 1);
    bar.value = archive.done;
    this.part("words").textContent = restoring_words(archive);
  }
}
