// @ts-check
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */

/** In the place of the composer: nothing comes from here and nothing goes there. */
export class BlockedBar extends Controller {
  // Lifecycle

  /** @param {Conversation} conversation */
  start({ peer }) {
    this.part("text").textContent = text("blocked_bar", { name: peer.username });
    this.listen(this.part("unblock"), "click", async () => {
      try {
        await while_busy(this.part("unblock"), () => this.commands.unblock({ account: peer.account }));
      } catch (error) {
        this.context.toasts.warn_about(error);
      }
    });
  }
}
