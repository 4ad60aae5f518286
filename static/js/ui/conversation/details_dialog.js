// @ts-check
import { words_for_error } from "../error_words.js";
import { full_time } from "../helpers/format_time.js";
import { text_parts } from "../helpers/text_parts.js";
import { time_left } from "../helpers/time_left.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { Dialog } from "../kit/dialog.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { text_nodes } from "./text_nodes.js";

/** @import { Message } from "../session_types.js" */
/** @import { MessageDetails, Receipt, Version } from "../message_types.js" */

/** What is known of one message: when, who has it, what it said before, and how it was protected. */
export class DetailsDialog extends Dialog {
  /**
   * @param {string} conversation
   * @param {Message} message
   */
  async open_for(conversation, message) {
    this.#show({ message, edits: [], receipts: [] });
    this.open();
    try {
      const details = await this.queries.message_details({ conversation, id: message.id });
      if (details !== null && !this.ending.aborted) this.#show(details);
    } catch (error) {
      this.part("error").textContent = words_for_error(error);
    }
  }

  // Internal

  /** @param {MessageDetails} details */
  #show({ message, edits, receipts }) {
    const clock = this.context.clock();
    const { own, author, time, edited, expires, shared_by } = message;
    this.part("author").textContent = own ? text("you") : author.username;
    this.part("sent").textContent = full_time(time, clock);
    this.part("edited_row").hidden = edited === undefined;
    this.part("edited").textContent = edited === undefined ? "" : full_time(edited, clock);
    this.part("expires_row").hidden = expires === undefined;
    this.part("expires").textContent = expires === undefined ? "" : text("details_expires", { time: time_left(Math.max(0, expires - clock.now)) });
    this.part("status_row").hidden = !own;
    this.part("status").textContent = text(`status_${message.status}`);
    this.part("receipts_section").hidden = !own || receipts.length === 0;
    this.part("receipts").replaceChildren(...receipts.map((receipt) => this.#receipt(receipt)));
    this.part("edits_section").hidden = edits.length === 0;
    this.part("edits").replaceChildren(...edits.map((version) => this.#version(version)));
    this.part("shared_row").hidden = shared_by === undefined;
    this.part("shared").textContent = shared_by?.username || (shared_by ? text("unknown_person") : "");
    const safety = own ? "details_safety_own" : "details_safety";
    this.part("safety").textContent = text(shared_by === undefined ? safety : "details_shared", { name: shared_by?.username || author.username });
  }

  /**
   * @param {Receipt} receipt
   * @returns {HTMLElement}
   */
  #receipt({ account, username, delivered, read }) {
    const clock = this.context.clock();
    const item = clone("receipt");
    draw_avatar(find_part(item, "avatar", HTMLElement), { account, username });
    find_part(item, "name", HTMLElement).textContent = username;
    const time = read ?? delivered;
    const key = read !== undefined ? "receipt_read" : delivered !== undefined ? "receipt_delivered" : "receipt_none";
    find_part(item, "words", HTMLElement).textContent = text(key, { time: time === undefined ? "" : full_time(time, clock) });
    const icon = read !== undefined ? "read" : delivered !== undefined ? "delivered" : "stored";
    find_part(item, "use", SVGElement).setAttribute("href", `#icon-${icon}`);
    item.dataset.state = icon;
    return item;
  }

  /**
   * @param {Version} version
   * @returns {HTMLElement}
   */
  #version({ text: words, time }) {
    const item = clone("version");
    find_part(item, "words", HTMLElement).replaceChildren(...text_nodes(text_parts(words)));
    find_part(item, "time", HTMLElement).textContent = full_time(time, this.context.clock());
    return item;
  }
}
