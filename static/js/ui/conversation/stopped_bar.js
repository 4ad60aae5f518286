// @ts-check
import { words_for_code } from "../error_words.js";
import { AcceptIdentityDialog } from "../contact/accept_identity_dialog.js";
import { is_out } from "../helpers/group_words.js";
import { Controller } from "../kit/controller.js";
import { list_names } from "../language/spoken.js";
import { key_for, text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

/** Loud: nothing is sent here, why, and what to do. */
export class StoppedBar extends Controller {
  // Lifecycle

  /** @param {Conversation} conversation */
  start({ id, kind, peer, stopped = "other" }) {
    const values = { name: peer.username, reason: words_for_code(stopped) };
    const family = kind === "group" ? stopped_family(stopped) : stopped;
    this.element.dataset.code = stopped;
    this.element.dataset.calm = String(is_out({ kind, stopped }));
    this.part("title").textContent = text(key_for("stopped", family, "_title"), values);
    this.part("text").textContent = text(key_for("stopped", family), values);
    this.part("actions").hidden = stopped !== "identity_changed";
    this.part("accept").hidden = kind === "group";
    if (family === "member_changed") this.#name_changed(id);
    this.listen(this.part("compare"), "click", () => this.context.router.go({ name: "conversation", id, contact: true }));
    this.listen(this.part("accept"), "click", () => new AcceptIdentityDialog("accept-identity", this.context).open_for(peer));
  }

  // Internal

  /** @param {string} id of a group in which somebody has another key */
  async #name_changed(id) {
    const group = await this.queries.group({ id });
    const changed = group?.members.filter(({ identity_changed }) => identity_changed) ?? [];
    if (changed.length === 0 || this.ending.aborted) return;
    this.part("title").textContent = text("stopped_identity_changed_title", { name: list_names(changed.map(({ username }) => username)) });
  }
}

/**
 * In a group the same codes are about oneself, or about one of many.
 * @param {string} stopped
 */
function stopped_family(stopped) {
  if (stopped === "left") return "left_group";
  return stopped === "identity_changed" ? "member_changed" : stopped;
}
