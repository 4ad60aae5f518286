// @ts-check
import { words_for_error } from "../error_words.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

/** Whether this conversation goes into the archive. */
export class ArchiveSwitch extends Controller {
  #switch = this.part("conversation_archive", HTMLInputElement);
  #id = "";

  // Lifecycle

  /** @param {Conversation} conversation */
  async start(conversation) {
    this.#id = conversation.id;
    this.listen(this.#switch, "change", () => this.#changed());
    this.update(conversation);
    const { on } = await this.queries.archive();
    if (!this.ending.aborted) this.part("archive_section").hidden = !on;
  }

  // Actions

  /** @param {Conversation} conversation as it is now */
  update({ archive = true }) {
    this.#switch.checked = archive;
  }

  async #changed() {
    const on = this.#switch.checked;
    try {
      await this.commands.set_conversation_archive({ conversation: this.#id, on });
    } catch (error) {
      this.#switch.checked = !on;
      this.context.toasts.warn(text("setting_failed", { reason: words_for_error(error) }));
    }
  }
}
