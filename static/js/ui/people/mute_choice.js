// @ts-check
import { words_for_error } from "../error_words.js";
import { is_muted } from "../helpers/conversation_lists.js";
import { day_and_time } from "../helpers/format_time.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

const HOUR = 3_600_000;
const FOR_GOOD = Number.MAX_SAFE_INTEGER;

/** For how long a conversation says nothing by itself. */
export class MuteChoice extends Controller {
  #select = this.part("mute", HTMLSelectElement);
  #until = this.part("mute_until", HTMLOptionElement);
  #id = "";

  // Lifecycle

  /** @param {Conversation} conversation */
  start(conversation) {
    this.#id = conversation.id;
    this.listen(this.#select, "change", () => this.#changed());
    this.update(conversation);
  }

  // Actions

  /** @param {Conversation} conversation as it is now */
  update(conversation) {
    const clock = this.context.clock();
    const until = is_muted(conversation, clock.now) ? (conversation.muted ?? 0) : 0;
    const is_timed = until !== 0 && until !== FOR_GOOD;
    this.#until.hidden = !is_timed;
    this.#until.textContent = is_timed ? text("mute_until", { time: day_and_time(until, clock) }) : "";
    this.#select.value = is_timed ? "until" : until === 0 ? "0" : "always";
  }

  // Internal

  async #changed() {
    const { value } = this.#select;
    const { now } = this.context.clock();
    const until = value === "always" ? FOR_GOOD : value === "0" ? 0 : now + Number(value) * HOUR;
    try {
      await this.commands.mute({ conversation: this.#id, until });
    } catch (error) {
      this.context.toasts.warn(text("setting_failed", { reason: words_for_error(error) }));
    }
  }
}
