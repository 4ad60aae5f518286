// @ts-check
import { TimerChoice } from "../conversation/timer_choice.js";
import { protection_words } from "../helpers/group_words.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { Controller } from "../kit/controller.js";
import { clone } from "../kit/template.js";
import { BlockSection } from "../people/block_section.js";
import { MuteChoice } from "../people/mute_choice.js";
import { ArchiveSwitch } from "./archive_switch.js";
import { SafetySection } from "./safety_section.js";

/** @import { Conversation } from "../session_types.js" */

/** Who this is, and how to make sure of it: the panel of a direct conversation. */
export class ContactPanel extends Controller {
  #block = this.adopt(new BlockSection(this.element, this.context));
  #mute = this.adopt(new MuteChoice(this.element, this.context));
  #archive = this.adopt(new ArchiveSwitch(this.element, this.context));
  #timer = this.adopt(new TimerChoice(clone("timer-choice"), this.context));
  #safety = this.adopt(new SafetySection(this.element, this.context));

  // Lifecycle

  /** @param {Conversation} conversation */
  start(conversation) {
    const { id, peer, suite } = conversation;
    this.#archive.start(conversation);
    this.#block.start(conversation);
    this.#mute.start(conversation);
    draw_avatar(this.part("avatar"), peer);
    this.part("name").textContent = peer.username;
    this.part("protection").textContent = protection_words(suite);
    this.listen(this.part("close"), "click", () => this.context.router.back_to({ name: "conversation", id, contact: false }));
    this.part("timer_place").append(this.#timer.element);
    this.#timer.start(conversation.timer ?? 0, (seconds) => this.commands.set_timer({ conversation: id, seconds }));
    this.#safety.start(peer);
    this.element.querySelector("h2")?.focus({ preventScroll: true });
  }

  // Actions

  /** @param {Conversation} conversation as it is now */
  update(conversation) {
    this.#archive.update(conversation);
    this.#block.update(conversation);
    this.#mute.update(conversation);
    this.#safety.update(conversation.peer);
    this.#timer.update(conversation.timer ?? 0, conversation.state === "active");
  }
}
