// @ts-check
import { words_for_error } from "../error_words.js";
import { full_date } from "../helpers/format_time.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { copy_text } from "../kit/copy_text.js";
import { draw_qr } from "../kit/qr_view.js";
import { text } from "../texts.js";

/** Makes an invitation link and gives it in three ways: a code, the clipboard, the system's share sheet. */
export class InvitationMaker extends Controller {
  #link = this.part("link", HTMLInputElement);

  // Lifecycle

  start() {
    this.listen(this.part("make"), "click", () => while_busy(this.part("make"), () => this.#make()));
    this.listen(this.part("make_newcomer"), "click", () => while_busy(this.part("make_newcomer"), () => this.#make({ newcomer: true })));
    this.listen(this.part("copy"), "click", () => copy_text(this.#link.value, this.context.toasts));
    this.listen(this.part("share"), "click", () => this.#share());
    this.listen(this.#link, "focus", () => this.#link.select());
    void this.#ask_server();
    this.part("share").hidden = typeof navigator.share !== "function";
  }

  /** Some servers let people bring others in. */
  async #ask_server() {
    const { registration, invites = 0 } = await this.commands.server_info().catch(() => ({ registration: "open", invites: 0 }));
    this.part("newcomer").hidden = invites === 0 || registration !== "invite";
  }

  // Actions

  /** @param {{ newcomer?: boolean }} [wish] */
  async #make(wish = {}) {
    try {
      const { link, expires } = await this.commands.make_invitation(wish);
      this.#link.value = link;
      this.part("expires").textContent = text("link_expires", { date: full_date(expires, this.context.clock()) });
      draw_qr(this.part("qr"), link);
      this.part("offer").hidden = true;
      this.part("invitation").hidden = false;
      this.part("copy").focus();
    } catch (error) {
      this.part("invitation_error").textContent = words_for_error(error);
    }
  }

  async #share() {
    try {
      await navigator.share({ title: text("share_title"), text: text("share_text"), url: this.#link.value });
    } catch {
      // The person closed the sheet.
    }
  }
}
