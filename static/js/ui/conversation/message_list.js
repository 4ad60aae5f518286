// @ts-check
import { first_unread, message_rows } from "../helpers/message_rows.js";
import { counted } from "../helpers/plural.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { reconcile } from "../kit/reconcile.js";
import { text } from "../texts.js";
import { create_row, update_row } from "./message_row.js";
import { StickyScroll } from "./sticky_scroll.js";

/** @import { Conversation, Message } from "../session_types.js" */

const PAGE = 60;
/** Rows that may stay when somebody who had scrolled far up is at the newest again. */
const KEPT = 240;

/** The messages of one conversation: the newest first, older ones when they are scrolled to. */
export class MessageList extends Controller {
  #id = "";
  /** @type {Message[]} oldest first, without gaps up to the newest */
  #messages = [];
  /** @type {number | undefined} order of the first message that was new when the conversation was opened */
  #marker;
  #all_loaded = false;
  #loading_older = false;
  #read_to = -1;
  #seen_to = -1;
  #scroll = this.adopt(new StickyScroll(this.element, this.context));

  // Lifecycle

  /** @param {Conversation} conversation */
  async start({ id, unread }) {
    this.#id = id;
    const refresh = latest_only(() => this.#refresh(), (error) => this.context.toasts.warn_about(error));
    this.#scroll.start({ on_top: () => this.#load_older(), on_bottom: () => this.#reached_bottom() });
    this.listen(this.part("rows"), "click", (event) => this.#clicked(event));
    this.listen(document, /** @type {"change"} */ ("visibilitychange"), () => this.#mark_read());
    this.listen(this.part("jump"), "click", () => this.#scroll.to_bottom({ smooth: true }));
    this.follow("messages", ({ conversation }) => conversation === id && refresh());
    await this.#load(Math.max(PAGE, Math.min(unread + 20, KEPT)));
    this.#marker = first_unread(this.#messages, unread);
    this.#render();
    this.#scroll.open_at(this.part("rows").querySelector("[data-row=marker]"));
    this.#reached_bottom();
  }

  // Actions

  async #load_older() {
    const oldest = this.#messages[0];
    if (this.#all_loaded || this.#loading_older || oldest === undefined) return;
    this.#loading_older = true;
    const older = await this.queries.messages({ conversation: this.#id, before: oldest.order, limit: PAGE });
    this.#loading_older = false;
    if (this.ending.aborted || this.#messages[0] !== oldest) return;
    this.#messages = [...older, ...this.#messages];
    this.#all_loaded = older.length < PAGE;
    this.#scroll.keep_place(() => this.#render());
  }

  /** @param {MouseEvent} event */
  async #clicked({ target }) {
    const button = target instanceof Element ? target.closest("[data-part=retry]") : null;
    const id = button?.closest("li")?.dataset.id;
    if (id === undefined) return;
    try {
      await this.commands.retry({ conversation: this.#id, id });
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  #reached_bottom() {
    if (!this.#scroll.at_bottom) return;
    if (this.#messages.length > KEPT) this.#drop_older();
    this.#seen_to = this.#messages.at(-1)?.order ?? -1;
    this.#show_jump();
    this.#mark_read();
  }

  // Internal

  async #refresh() {
    const newest = this.#messages.at(-1)?.order ?? -1;
    const oldest = this.#messages[0]?.order ?? -1;
    await this.#load(Math.max(PAGE, this.#messages.length + PAGE), oldest);
    if (this.ending.aborted) return;
    const sent = this.#messages.some(({ own, order }) => own && order > newest);
    if (sent) this.#marker = undefined;
    else if (document.visibilityState === "hidden") this.#marker ??= this.#messages.find(({ own, order }) => !own && order > newest)?.order;
    this.#render();
    if (sent || this.#scroll.at_bottom) this.#scroll.to_bottom();
    this.#show_jump();
    this.#reached_bottom();
  }

  /**
   * @param {number} limit
   * @param {number} [from] the order that the list begins with, where it has begun
   */
  async #load(limit, from = -1) {
    const messages = await this.queries.messages({ conversation: this.#id, limit });
    if (messages.length < limit) this.#all_loaded = true;
    this.#messages = this.#all_loaded ? messages : messages.filter(({ order }) => order >= from);
  }

  #drop_older() {
    this.#messages = this.#messages.slice(-PAGE);
    this.#all_loaded = false;
    this.#render();
    this.#scroll.to_bottom();
  }

  #render() {
    const clock = this.context.clock();
    const rows = message_rows(this.#messages, { marker: this.#marker });
    this.part("start").hidden = !this.#all_loaded;
    reconcile(this.part("rows"), rows, {
      key: ({ key }) => key,
      create: create_row,
      update: (element, row) => update_row(element, row, clock),
    });
  }

  #show_jump() {
    const unseen = this.#messages.filter(({ own, order }) => !own && order > this.#seen_to).length;
    this.part("jump").hidden = this.#scroll.at_bottom;
    this.part("jump").dataset.unseen = String(unseen);
    this.part("jump_text").textContent = unseen === 0 ? text("jump") : counted("jump_new", unseen);
  }

  #mark_read() {
    const newest = this.#messages.at(-1)?.order ?? -1;
    if (!this.#scroll.at_bottom || document.visibilityState !== "visible" || newest <= this.#read_to) return;
    this.#read_to = newest;
    // When it fails the badge stays, and the next message tries again.
    this.commands.mark_read({ conversation: this.#id, order: newest }).catch(() => (this.#read_to = -1));
  }
}
