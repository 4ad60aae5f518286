// @ts-check
import { draw_conversation } from "../groups/group_picture.js";
import { is_out, name_of } from "../helpers/group_words.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

/** The head of the notes to oneself. Nobody else is in them. */
export class NotesHeader extends Controller {
  // Actions

  /** @param {Conversation} conversation as it is now */
  update(conversation) {
    for (const part of ["avatar", "start_avatar"]) draw_conversation(this.part(part), conversation);
    for (const part of ["title", "start_name"]) this.part(part).textContent = name_of(conversation);
    this.part("start_text").textContent = text("notes_start");
    this.part("open_contact").ariaLabel = text("notes_open");
    this.part("scroller").ariaLabel = text("notes_messages");
    this.part("verified", SVGElement).toggleAttribute("hidden", true);
    const stopped = conversation.state === "stopped" && !is_out(conversation);
    this.part("state").textContent = text(stopped ? "peer_stopped" : "notes_state");
    this.part("state").dataset.state = stopped ? "peer_stopped" : "group";
  }
}
