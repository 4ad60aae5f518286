// @ts-check
import { ArchiveSwitch } from "../contact/archive_switch.js";
import { TimerChoice } from "../conversation/timer_choice.js";
import { draw_conversation } from "../groups/group_picture.js";
import { name_of } from "../helpers/group_words.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { clone } from "../kit/template.js";

/** @import { Conversation } from "../session_types.js" */

/** What there is to choose for the notes to oneself: how long they stay, and whether they are kept for other devices. */
export class NotesPanel extends Controller {
  #id = "";
  #archive = this.adopt(new ArchiveSwitch(this.element, this.context));
  #timer = this.adopt(new TimerChoice(clone("timer-choice"), this.context));
  #refresh = latest_only(() => this.#load(), (error) => this.context.toasts.warn_about(error));

  // Lifecycle

  /** @param {Conversation} conversation */
  start(conversation) {
    const { id } = conversation;
    this.#id = id;
    this.listen(this.part("close"), "click", () => this.context.router.back_to({ name: "conversation", id, contact: false }));
    this.#archive.start(conversation);
    this.part("timer_place").append(this.#timer.element);
    this.#timer.start(conversation.timer ?? 0, (timer) => this.commands.change_group({ conversation: id, timer }));
    this.update(conversation);
    this.element.querySelector("h2")?.focus({ preventScroll: true });
  }

  // Actions

  /** @param {Conversation} conversation as it is now */
  update(conversation) {
    draw_conversation(this.part("avatar"), conversation);
    this.part("name").textContent = name_of(conversation);
    this.part("timer_place").hidden = conversation.state !== "active";
    this.#archive.update(conversation);
    this.#refresh();
  }

  // Internal

  async #load() {
    const group = await this.queries.group({ id: this.#id });
    if (!this.ending.aborted && group !== null) this.#timer.update(group.timer);
  }
}
