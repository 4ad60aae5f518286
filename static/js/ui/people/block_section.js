// @ts-check
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";
import { BlockDialog } from "./block_dialog.js";

/** @import { Conversation } from "../session_types.js" */

/** Blocks the other side of a direct conversation, or lets it in again. */
export class BlockSection extends Controller {
  /** @type {Conversation | undefined} */
  #conversation;

  // Lifecycle

  /** @param {Conversation} conversation */
  start(conversation) {
    this.listen(this.part("block"), "click", () => this.#clicked());
    this.update(conversation);
  }

  // Actions

  /** @param {Conversation} conversation as it is now */
  update(conversation) {
    this.#conversation = conversation;
    const name = conversation.peer.username;
    this.part("block").textContent = text(conversation.blocked ? "unblock_person" : "block_person", { name });
    this.part("block_hint").textContent = text(conversation.blocked ? "block_hint_blocked" : "block_hint", { name });
  }

  async #clicked() {
    if (this.#conversation === undefined) return;
    const { peer, blocked } = this.#conversation;
    if (!blocked) {
      new BlockDialog("block", this.context).open_for(peer);
      return;
    }
    try {
      await while_busy(this.part("block"), () => this.commands.unblock({ account: peer.account }));
      this.context.toasts.say(text("unblocked", { name: peer.username }));
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }
}
