// @ts-check
import { words_for_code } from "../error_words.js";
import { AcceptIdentityDialog } from "../contact/accept_identity_dialog.js";
import { Controller } from "../kit/controller.js";
import { key_for, text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

/** Loud: nothing is sent here, why, and what to do. */
export class StoppedBar extends Controller {
  // Lifecycle

  /** @param {Conversation} conversation */
  start({ id, peer, stopped = "other" }) {
    const values = { name: peer.username, reason: words_for_code(stopped) };
    this.element.dataset.code = stopped;
    this.part("title").textContent = text(key_for("stopped", stopped, "_title"), values);
    this.part("text").textContent = text(key_for("stopped", stopped), values);
    this.part("actions").hidden = stopped !== "identity_changed";
    this.listen(this.part("compare"), "click", () => this.context.router.go({ name: "conversation", id, contact: true }));
    this.listen(this.part("accept"), "click", () => new AcceptIdentityDialog("accept-identity", this.context).open_for(peer));
  }
}
