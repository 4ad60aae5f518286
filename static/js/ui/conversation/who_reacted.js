// @ts-check
import { Popover } from "../kit/popover.js";
import { make } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Message } from "../session_types.js" */
/** @import { MessageDeeds } from "./message_deeds.js" */

/** Who gave one of the reactions; one's own is taken back here, or joined. */
export class WhoReacted extends Popover {
  /**
   * @param {HTMLElement} anchor
   * @param {Message} message
   * @param {string} emoji
   * @param {MessageDeeds} deeds
   */
  open_for(anchor, message, emoji, deeds) {
    const reaction = message.reactions?.find((one) => one.emoji === emoji);
    if (reaction === undefined) return;
    this.part("emoji").textContent = emoji;
    this.part("people").replaceChildren(...reaction.people.map((name) => make("li", name)));
    this.part("toggle").textContent = text(reaction.own ? "reaction_take_back" : "reaction_join", { emoji });
    this.part("toggle").hidden = deeds.state !== "active";
    this.listen(this.part("toggle"), "click", () => {
      this.close();
      deeds.react(message, emoji);
    });
    this.open_at(anchor);
    this.part(this.part("toggle").hidden ? "people" : "toggle").focus();
  }
}
