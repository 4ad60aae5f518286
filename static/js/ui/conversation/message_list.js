// @ts-check
import { last_editable } from "../helpers/message_actions.js";
import { first_unread, message_rows } from "../helpers/message_rows.js";
import { add_newer, add_older, EMPTY, MOST, open_window, PAGE, refresh_window } from "../helpers/message_window.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { reconcile } from "../kit/reconcile.js";
import { show_jump } from "./jump_button.js";
import { create_row, update_row } from "./message_row.js";
import { MessageTools } from "./message_tools.js";
import { RowFocus } from "./row_focus.js";
import { StickyScroll } from "./sticky_scroll.js";
import { TimeLeft } from "./time_left.js";

/** @import { Conversation, Message } from "../session_types.js" */
/** @import { Window } from "../helpers/message_window.js" */
/** @import { MessageDeeds } from "./message_deeds.js" */
/** @import { View } from "./message_row.js" */

const SHOWN_MS = 2200;

/** The messages of one conversation: a window of rows that moves with whoever scrolls, however many there are. */
export class MessageList extends Controller {
  #id = "";
  /** @type {Conversation["state"]} */
  #state = "active";
  #unread = 0;
  #notes = false;
  /** @type {Window} */
  #window = EMPTY;
  /** @type {View} */
  #view = { context: this.context, own: this.context.session.profile() ?? { account: "", username: "" }, group: false };
  /** @type {number | undefined} order of the first message that was new when the conversation was opened */
  #marker;
  #loading = false;
  /** counts the windows that were opened: what was fetched for another one is too late */
  #opened = 0;
  #read_to = -1;
  #scroll = this.adopt(new StickyScroll(this.element, this.context));
  #focus = this.adopt(new RowFocus(this.element, this.context));

  // Lifecycle

  /**
   * @param {Conversation} conversation
   * @param {MessageDeeds} deeds
   */
  async start(conversation, deeds) {
    const { id, unread } = conversation;
    this.#id = id;
    this.#view.group = conversation.kind === "group";
    this.update(conversation);
    const refresh = latest_only(() => this.#refresh(), (error) => this.context.toasts.warn_about(error));
    this.#scroll.start({ on_top: () => this.#extend("older"), on_bottom: () => this.#extend("newer"), on_scroll: () => this.#moved() });
    this.#focus.start({ on_end: () => this.show_newest() });
    this.adopt(new TimeLeft(this.part("rows"), this.context)).start();
    this.adopt(new MessageTools(this.element, this.context)).start(deeds, (wanted) => this.find(wanted));
    this.listen(this.part("rows"), "click", (event) => this.#clicked(event));
    this.listen(document, /** @type {"change"} */ ("visibilitychange"), () => this.#mark_read());
    this.listen(this.part("jump"), "click", () => this.show_newest({ smooth: true }));
    this.follow("messages", ({ conversation: changed }) => changed === id && refresh());
    // Somebody who came to see one message has been shown it meanwhile.
    if (!(await this.#open_newest(unread))) return;
    this.#scroll.open_at(this.part("rows").querySelector("[data-row=marker]"));
    this.#moved();
  }

  // Actions

  /** @param {Conversation} conversation as it is now */
  update({ state, unread, notes = false }) {
    this.#notes = notes;
    this.#state = state;
    this.#unread = unread;
    this.#show_jump();
  }

  /** @param {{ smooth?: boolean }} [how] */
  async show_newest(how = {}) {
    if (!this.#window.newer || (await this.#open_newest(0))) this.#scroll.to_bottom(how);
  }

  /**
   * A message in its context, wherever it is, shown for a moment as the one that was meant.
   * @param {{ id: string, order?: number }} message without its order, it is asked for
   * @returns {Promise<boolean>} false when it is not here
   */
  async show_message({ id, order }) {
    if (this.#row(id) === null) {
      const at = order ?? (await this.queries.message_details({ conversation: this.#id, id }))?.message.order;
      if (at !== undefined) await this.#open_around(at);
    }
    const row = this.#row(id);
    if (row === null || this.ending.aborted) return false;
    this.#scroll.show(row);
    row.dataset.shown = "true";
    setTimeout(() => delete row.dataset.shown, SHOWN_MS);
    row.focus({ preventScroll: true });
    this.#moved();
    return true;
  }

  /**
   * @param {string} id
   * @returns {Message | undefined}
   */
  find(id) {
    return this.#window.messages.find((message) => message.id === id);
  }

  /** @returns {Message | undefined} the newest of one's own that can be changed */
  last_editable() {
    return this.#window.newer ? undefined : last_editable(this.#window.messages, this.#state);
  }

  /** @param {MouseEvent} event */
  async #clicked({ target }) {
    const button = target instanceof Element ? target.closest("button") : null;
    const id = button?.closest("li")?.dataset.id;
    if (button === null || id === undefined) return;
    try {
      if (button.dataset.part === "retry") await this.commands.retry({ conversation: this.#id, id });
      if (button.dataset.target !== undefined) await this.show_message({ id: button.dataset.target });
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  #moved() {
    this.#show_jump();
    this.#mark_read();
  }

  // Internal

  /**
   * @param {number} unread
   * @returns {Promise<boolean>} false when something else was opened meanwhile
   */
  async #open_newest(unread) {
    const limit = Math.min(unread + PAGE, 4 * MOST);
    const newest = await this.#fetch({ limit });
    if (newest === null) return false;
    if (unread > 0) this.#marker = first_unread(newest, unread);
    this.#render(open_window(newest, limit, this.#marker));
    return true;
  }

  /** @param {number} order */
  async #open_around(order) {
    const around = await this.#fetch({ around: order, limit: 2 * PAGE });
    if (around !== null) this.#render({ messages: around, older: true, newer: true });
  }

  /** @param {"older" | "newer"} side */
  async #extend(side) {
    const edge = this.#window.messages.at(side === "older" ? 0 : -1);
    if (this.#loading || !this.#window[side] || edge === undefined) return;
    this.#loading = true;
    const opened = this.#opened;
    try {
      const range = side === "older" ? { before: edge.order } : { after: edge.order };
      const found = await this.queries.messages({ conversation: this.#id, ...range, limit: PAGE });
      const joins = this.#window.messages.at(side === "older" ? 0 : -1)?.order === edge.order;
      if (this.ending.aborted || opened !== this.#opened || !joins) return;
      const add = side === "older" ? add_older : add_newer;
      this.#scroll.keep_place(() => this.#render(add(this.#window, found)));
      this.#moved();
    } catch (error) {
      this.context.toasts.warn_about(error);
    } finally {
      this.#loading = false;
    }
  }

  async #refresh() {
    const window = this.#window;
    const { messages } = window;
    const [oldest, newest] = [messages[0], messages.at(-1)];
    if (oldest === undefined) {
      await this.#open_newest(0);
      return;
    }
    const opened = this.#opened;
    const limit = messages.length + PAGE;
    const [found, before] = await Promise.all([
      this.queries.messages({ conversation: this.#id, after: oldest.order - 1, limit }),
      this.#window.older ? [oldest] : this.queries.messages({ conversation: this.#id, before: oldest.order, limit: 1 }),
    ]);
    if (this.ending.aborted || opened !== this.#opened) return;
    // Somebody has scrolled meanwhile: what was asked for is not what is shown.
    if (window !== this.#window) {
      await this.#refresh();
      return;
    }
    const fresh = found.filter(({ order }) => order > (newest?.order ?? -1));
    const sent = !this.#window.newer && fresh.some(({ own, status }) => own && status === "waiting");
    if (sent) this.#marker = undefined;
    else if (document.visibilityState === "hidden") this.#marker ??= fresh.find(({ own }) => !own)?.order;
    const follows = sent || (this.#scroll.at_bottom && !this.#window.newer);
    await this.#take(refresh_window({ ...this.#window, older: before.length > 0 }, found, limit, follows), follows);
  }

  /**
   * @param {Window} next
   * @param {boolean} follows whether somebody is at the end and stays there
   */
  async #take(next, follows) {
    if (!follows) this.#scroll.keep_place(() => this.#render(next));
    else if (!next.newer) this.#render(next);
    else if (!(await this.#open_newest(0))) return;
    if (follows) this.#scroll.to_bottom();
    this.#moved();
  }

  /**
   * @param {{ around?: number, limit: number }} range
   * @returns {Promise<Message[] | null>} null when nobody waits for it any more
   */
  async #fetch(range) {
    const opened = (this.#opened += 1);
    const found = await this.queries.messages({ conversation: this.#id, ...range });
    return this.ending.aborted || opened !== this.#opened ? null : found;
  }

  /** @param {Window} window */
  #render(window) {
    this.#window = window;
    this.#scroll.complete = !window.newer;
    this.part("start").hidden = window.older;
    this.#focus.keep_through(() =>
      reconcile(this.part("rows"), message_rows(window.messages, { marker: this.#marker, notes: this.#notes }), {
        key: ({ key }) => key,
        create: create_row,
        update: (element, row) => update_row(element, row, this.#view),
      }),
    );
    this.#focus.set_stop();
  }

  /**
   * @param {string} id
   * @returns {HTMLElement | null}
   */
  #row(id) {
    return this.part("rows").querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  #show_jump() {
    show_jump(this.element, this.#scroll.at_bottom && !this.#window.newer, this.#unread);
  }

  #mark_read() {
    const newest = this.#window.messages.at(-1)?.order ?? -1;
    const there = this.#scroll.at_bottom && !this.#window.newer;
    if (!there || document.visibilityState !== "visible" || newest <= this.#read_to) return;
    this.#read_to = newest;
    // When it fails the badge stays, and the next message tries again.
    this.commands.mark_read({ conversation: this.#id, order: newest }).catch(() => (this.#read_to = -1));
  }
}
