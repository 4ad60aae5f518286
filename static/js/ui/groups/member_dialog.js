// @ts-check
import { SafetySection } from "../contact/safety_section.js";
import { words_for_error } from "../error_words.js";
import { is_last_owner } from "../helpers/group_words.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { while_busy } from "../kit/busy.js";
import { Dialog } from "../kit/dialog.js";
import { text } from "../texts.js";
import { ConfirmDialog } from "./confirm_dialog.js";

/** @import { Group, Member, Role } from "../group_types.js" */

/** One member of a group: whether it is really them, what they may do, and taking them out. */
export class MemberDialog extends Dialog {
  #conversation = "";
  #account = "";
  /** @type {Member | undefined} */
  #member;
  #role = this.part("role", HTMLSelectElement);
  /** @type {SafetySection | undefined} */
  #safety;

  // Lifecycle

  /**
   * @param {string} conversation
   * @param {string} account
   * @param {Group} group
   * @param {boolean} inside oneself is in it
   */
  open_for(conversation, account, group, inside) {
    this.#conversation = conversation;
    this.#account = account;
    const member = group.members.find((one) => one.account === account);
    if (member === undefined) return;
    this.listen(this.#role, "change", () => this.#change_role());
    this.listen(this.part("write"), "click", () => while_busy(this.part("write"), () => this.#write()));
    this.listen(this.part("remove"), "click", () => this.#remove(group.title));
    draw_avatar(this.part("avatar"), member);
    this.part("name").textContent = member.username;
    if (member.own) this.part("about").remove();
    else {
      this.#safety = this.adopt(new SafetySection(this.element, this.context));
      this.#safety.start(peer_of(member));
    }
    this.update(group, inside);
    this.open();
  }

  // Actions

  /**
   * @param {Group} group as it is now
   * @param {boolean} inside
   */
  update(group, inside) {
    const member = group.members.find(({ account }) => account === this.#account);
    this.#member = member;
    if (member === undefined) {
      this.dialog.close();
      return;
    }
    const { role, own } = member;
    this.part("role_words").textContent = own ? text(`group_you_${role}`) : text(`role_${role}`);
    this.#role.value = role;
    const last = own && is_last_owner(group.members);
    this.part("role_section").hidden = !(inside && group.may.roles);
    this.#role.disabled = last;
    this.part("role_hint").textContent = text(last ? "role_last_owner" : `role_hint_${role}`);
    this.part("remove").hidden = !inside || own || !may_remove(group.role, role);
    this.part("write").hidden = own;
    this.#safety?.update(peer_of(member));
  }

  #change_role() {
    const role = /** @type {Role} */ (this.#role.value);
    const member = this.#member;
    if (member === undefined) return;
    const work = async () => {
      await this.commands.set_role({ conversation: this.#conversation, account: this.#account, role });
      this.context.toasts.say(text("role_now", { name: member.username, role: text(`role_${role}`) }));
    };
    if (role !== "owner" && !member.own) this.#try(work);
    else this.#ask_about_role(member, work);
  }

  async #write() {
    await this.#try(async () => {
      const { conversation } = await this.commands.start_conversation({ account: this.#account });
      this.close();
      this.context.router.go({ name: "conversation", id: conversation, contact: false });
    });
  }

  /** @param {string} group its title */
  #remove(group) {
    const name = this.#member?.username ?? "";
    const asked = { title: text("remove_title", { name }), words: text("remove_text", { name, group }), confirm: text("remove_confirm") };
    new ConfirmDialog("confirm", this.context).open_for(asked, async () => {
      await this.commands.remove_from_group({ conversation: this.#conversation, account: this.#account });
      this.context.toasts.say(text("removed_now", { name }));
    });
  }

  // Internal

  /**
   * @param {Member} member
   * @param {() => Promise<unknown>} work
   */
  #ask_about_role({ username: name, own, role: before }, work) {
    const family = own ? "step_down" : "make_owner";
    const dialog = new ConfirmDialog("confirm", this.context);
    dialog.at_end(() => (this.#role.value = this.#member?.role ?? before));
    const asked = { title: text(`${family}_title`, { name }), words: text(family, { name }), confirm: text(`${family}_confirm`) };
    dialog.open_for(asked, work);
  }

  /** @param {() => Promise<unknown>} work */
  async #try(work) {
    this.part("error").textContent = "";
    try {
      await work();
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
      this.#role.value = this.#member?.role ?? this.#role.value;
    }
  }
}

/**
 * @param {Role} mine
 * @param {Role} theirs
 * @returns {boolean} docs/groups.md: owners anybody, admins those without a role
 */
function may_remove(mine, theirs) {
  return mine === "owner" || (mine === "admin" && theirs === "member");
}

/** @param {Member} member */
function peer_of({ account, username, verified, identity_changed = false }) {
  return { account, username, verified, identity_changed };
}
