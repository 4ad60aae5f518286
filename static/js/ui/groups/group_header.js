// @ts-check
import { all_verified, is_out, members_words, name_of } from "../helpers/group_words.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { text } from "../texts.js";
import { draw_conversation } from "./group_picture.js";

/** @import { Conversation } from "../session_types.js" */
/** @import { Group } from "../group_types.js" */

/** The head of a group's conversation: its name and picture, and how many are in it. */
export class GroupHeader extends Controller {
  /** @type {Conversation | undefined} */
  #conversation;
  #refresh = latest_only(() => this.#load(), (error) => this.context.toasts.warn_about(error));

  // Actions

  /** @param {Conversation} conversation as it is now */
  update(conversation) {
    this.#conversation = conversation;
    const name = name_of(conversation);
    draw_conversation(this.part("avatar"), conversation);
    draw_conversation(this.part("start_avatar"), conversation);
    this.part("title").textContent = this.part("start_name").textContent = name;
    this.part("start_text").textContent = text("group_start_text");
    this.part("open_contact").ariaLabel = text("group_open");
    this.part("scroller").ariaLabel = text("messages_in", { group: name });
    this.#refresh();
  }

  // Internal

  async #load() {
    const conversation = this.#conversation;
    if (conversation === undefined) return;
    const group = await this.queries.group({ id: conversation.id });
    if (this.ending.aborted || group === null) return;
    this.part("verified", SVGElement).toggleAttribute("hidden", !all_verified(group.members));
    this.part("state").textContent = state_words(conversation, group);
    this.part("state").dataset.state = conversation.state === "stopped" && !is_out(conversation) ? "peer_stopped" : "group";
  }
}

/**
 * @param {Conversation} conversation
 * @param {Group} group
 */
function state_words({ kind, state, stopped }, { members }) {
  if (state === "stopped") return text(is_out({ kind, stopped }) ? "group_you_out" : "peer_stopped");
  return state === "request" ? text("group_request") : members_words(members);
}
