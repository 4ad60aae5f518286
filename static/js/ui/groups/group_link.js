// @ts-check
import { words_for_error } from "../error_words.js";
import { full_date } from "../helpers/format_time.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { copy_text } from "../kit/copy_text.js";
import { draw_qr } from "../kit/qr_view.js";
import { text } from "../texts.js";
import { ConfirmDialog } from "./confirm_dialog.js";

/** @import { Group } from "../group_types.js" */

/** A link by which others ask to be let in. */
export class GroupLink extends Controller {
  #id = "";
  #link = this.part("link", HTMLInputElement);

  // Lifecycle

  /** @param {string} id */
  start(id) {
    this.#id = id;
    for (const part of ["make", "renew"]) this.listen(this.part(part), "click", () => this.#do(part, () => this.#make()));
    this.listen(this.part("revoke"), "click", () => this.#revoke());
    this.listen(this.part("copy"), "click", () => copy_text(this.#link.value, this.context.toasts));
    this.listen(this.part("share"), "click", () => this.#share());
    this.listen(this.#link, "focus", () => this.#link.select());
    this.part("share").hidden = typeof navigator.share !== "function";
  }

  // Actions

  /**
   * @param {Group} group
   * @param {boolean} may let people in
   */
  show({ link }, may) {
    this.element.hidden = !may;
    this.element.dataset.link = String(link);
    if (!link) this.#link.value = "";
    const shown = link && this.#link.value !== "";
    this.part("link_hint").textContent = text(link && !shown ? "group_link_there" : "group_link_hint");
    this.part("make").hidden = link;
    this.part("link_shown").hidden = !shown;
    this.part("link_actions").hidden = !link;
  }

  async #make() {
    const had_focus = this.part("make") === document.activeElement;
    const { link, expires } = await this.commands.make_group_link({ conversation: this.#id });
    this.#link.value = link;
    this.part("link_expires").textContent = text("link_expires", { date: full_date(expires, this.context.clock()) });
    draw_qr(this.part("link_qr"), link);
    this.show(/** @type {Group} */ ({ link: true }), true);
    if (had_focus) this.part("copy").focus();
  }

  #revoke() {
    const asked = { title: text("revoke_link_title"), words: text("revoke_link"), confirm: text("revoke_link_confirm") };
    new ConfirmDialog("confirm", this.context).open_for(asked, async () => {
      await this.commands.revoke_group_link({ conversation: this.#id });
      this.show(/** @type {Group} */ ({ link: false }), true);
      this.context.toasts.say(text("link_revoked"));
    });
  }

  async #share() {
    try {
      await navigator.share({ title: text("share_group"), url: this.#link.value });
    } catch {
      // The person closed the sheet.
    }
  }

  // Internal

  /**
   * @param {string} button
   * @param {() => Promise<void>} work
   */
  async #do(button, work) {
    this.part("link_error").textContent = "";
    try {
      await while_busy(this.part(button), work);
    } catch (error) {
      this.part("link_error").textContent = words_for_error(error);
    }
  }
}
