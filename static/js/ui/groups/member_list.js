// @ts-check
import { members_words, sort_members } from "../helpers/group_words.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { Controller } from "../kit/controller.js";
import { reconcile } from "../kit/reconcile.js";
import { rove, set_stop } from "../kit/roving_focus.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { MemberDialog } from "./member_dialog.js";

/** @import { Group, Member } from "../group_types.js" */

/** The people of a group. Each can be looked at. */
export class MemberList extends Controller {
  #id = "";
  /** @type {Group | undefined} */
  #group;
  #inside = false;
  /** @type {MemberDialog | undefined} */
  #dialog;

  // Lifecycle

  /** @param {string} id of the group's conversation */
  start(id) {
    this.#id = id;
    rove(this.part("members"), ".member", this.ending);
    this.listen(this.part("members"), "click", ({ target }) => this.#clicked(target));
    this.at_end(() => this.#dialog?.dialog.close());
  }

  // Actions

  /**
   * @param {Group} group
   * @param {boolean} inside oneself is in it
   */
  show(group, inside) {
    this.#group = group;
    this.#inside = inside;
    this.part("members_title").textContent = members_words(group.members);
    reconcile(this.part("members"), sort_members(group.members), {
      key: ({ account }) => account,
      create: () => clone("member-entry"),
      update: fill_member,
    });
    set_stop(this.part("members"), ".member");
    this.#dialog?.update(group, inside);
  }

  /** @param {EventTarget | null} target */
  #clicked(target) {
    const account = target instanceof Element ? target.closest("li")?.dataset.key : undefined;
    if (account === undefined || this.#group === undefined) return;
    const dialog = new MemberDialog("member", this.context);
    this.#dialog = dialog;
    dialog.at_end(() => (this.#dialog = undefined));
    dialog.open_for(this.#id, account, this.#group, this.#inside);
  }
}

/**
 * @param {HTMLElement} element a copy of the template `member-entry`
 * @param {Member} member
 */
function fill_member(element, member) {
  const { account, username, own, role, verified, identity_changed = false } = member;
  const button = find_part(element, "open", HTMLElement);
  Object.assign(button.dataset, { username, role, verified: String(verified) });
  draw_avatar(find_part(element, "avatar", HTMLElement), { account, username });
  find_part(element, "name", HTMLElement).textContent = username;
  find_part(element, "verified", SVGElement).toggleAttribute("hidden", own || !verified);
  find_part(element, "hint", HTMLElement).textContent = own ? text("member_you") : safety_words(verified, identity_changed);
  find_part(element, "hint", HTMLElement).dataset.changed = String(identity_changed);
  const badge = find_part(element, "role", HTMLElement);
  badge.textContent = role === "member" ? "" : text(`role_${role}`);
  badge.hidden = role === "member";
}

/**
 * @param {boolean} verified
 * @param {boolean} changed
 */
function safety_words(verified, changed) {
  if (changed) return text("safety_key_changed");
  return text(verified ? "member_verified" : "safety_unverified");
}
