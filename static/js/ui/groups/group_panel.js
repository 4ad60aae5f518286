// @ts-check
import { ArchiveSwitch } from "../contact/archive_switch.js";
import { TimerChoice } from "../conversation/timer_choice.js";
import { name_of, protection_words } from "../helpers/group_words.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { clone } from "../kit/template.js";
import { text } from "../texts.js";
import { MuteChoice } from "../people/mute_choice.js";
import { AddPeopleDialog } from "./add_people_dialog.js";
import { EditGroupDialog } from "./edit_group_dialog.js";
import { GroupLink } from "./group_link.js";
import { draw_conversation } from "./group_picture.js";
import { GroupSettings } from "./group_settings.js";
import { confirm_leaving } from "./leave_group.js";
import { MemberList } from "./member_list.js";

/** @import { Conversation } from "../session_types.js" */
/** @import { Group } from "../group_types.js" */

/** Who is in a group, what they may do, and how others get in. */
export class GroupPanel extends Controller {
  #id = "";
  /** @type {Group | undefined} */
  #group;
  #mute = this.adopt(new MuteChoice(this.element, this.context));
  #archive = this.adopt(new ArchiveSwitch(this.element, this.context));
  #members = this.adopt(new MemberList(this.element, this.context));
  #settings = this.adopt(new GroupSettings(this.part("settings_section"), this.context));
  #link = this.adopt(new GroupLink(this.part("link_section"), this.context));
  #timer = this.adopt(new TimerChoice(clone("timer-choice"), this.context));
  #refresh = latest_only(() => this.#load(), (error) => this.context.toasts.warn_about(error));

  // Lifecycle

  /** @param {Conversation} conversation */
  start(conversation) {
    const { id } = conversation;
    this.#id = id;
    this.listen(this.part("close"), "click", () => this.context.router.back_to({ name: "conversation", id, contact: false }));
    this.listen(this.part("edit"), "click", () => this.#group && new EditGroupDialog("edit-group", this.context).open_for(id, this.#group));
    this.listen(this.part("add"), "click", () => this.#group && new AddPeopleDialog("add-people", this.context).open_for(id, this.#group));
    this.listen(this.part("leave"), "click", () => this.#group && confirm_leaving(this.context, id, this.#group));
    this.#archive.start(conversation);
    this.#mute.start(conversation);
    this.#members.start(id);
    this.#settings.start(id);
    this.part("timer_place").append(this.#timer.element);
    this.#timer.start(conversation.timer ?? 0, (timer) => this.commands.change_group({ conversation: id, timer }));
    this.#link.start(id);
    this.follow("contacts", this.#refresh);
    this.update(conversation);
    this.element.querySelector("h2")?.focus({ preventScroll: true });
  }

  // Actions

  /** @param {Conversation} conversation as it is now */
  update(conversation) {
    draw_conversation(this.part("avatar"), conversation);
    this.part("name").textContent = name_of(conversation);
    this.part("protection").textContent = protection_words(conversation.suite);
    this.element.dataset.state = conversation.state;
    this.#archive.update(conversation);
    this.#mute.update(conversation);
    this.#refresh();
  }

  // Internal

  async #load() {
    const group = await this.queries.group({ id: this.#id });
    if (this.ending.aborted || group === null) return;
    this.#group = group;
    const { members, role, may } = group;
    // Whoever is out sees who was in it, and changes nothing.
    const inside = this.element.dataset.state === "active" && members.some(({ own }) => own);
    this.part("summary").textContent = text(inside ? `group_you_${role}` : "group_you_out");
    this.part("settings_section").hidden = this.part("timer_place").hidden = !inside;
    this.part("edit").hidden = !(inside && may.edit);
    this.part("add").hidden = !(inside && may.add);
    this.part("leave_section").hidden = !inside;
    this.#members.show(group, inside);
    this.#settings.show(group, inside && may.rights);
    this.#timer.update(group.timer, inside && may.edit);
    this.#link.show(group, inside && may.add);
  }
}
