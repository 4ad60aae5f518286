// @ts-check
// What was said, under the conversations that a search finds by name.
import { short_time } from "../helpers/format_time.js";
import { snippet } from "../helpers/snippet.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { reconcile } from "../kit/reconcile.js";
import { rove, set_stop } from "../kit/roving_focus.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { counted } from "../helpers/plural.js";

/** @import { Conversation } from "../session_types.js" */
/** @import { SearchHit } from "../search_types.js" */

const PAGE = 20;
// A person who types is not yet done with the word: milliseconds.
const WAIT = 120;
const ITEM = ".found-item";

export class MessageResults extends Controller {
  /** @type {SearchHit[]} */
  #hits = [];
  #limit = PAGE;
  /** @type {"" | "here" | "files"} */
  #filter = "";
  /** @type {string | undefined} */
  #open_id;
  /** @type {Map<string, Conversation>} */
  #conversations = new Map();
  #search = this.part("search", HTMLInputElement);
  #author = this.part("found_author", HTMLSelectElement);
  #find = latest_only(() => this.#run(), (error) => this.context.toasts.warn_about(error));

  // Lifecycle

  /** @param {(hit: SearchHit) => void} open */
  start(open) {
    let timer = 0;
    const later = () => {
      clearTimeout(timer);
      this.#limit = PAGE;
      timer = window.setTimeout(() => this.#find(), WAIT);
    };
    this.at_end(() => clearTimeout(timer));
    rove(this.part("found_list"), ITEM, this.ending);
    this.listen(this.#search, "input", later);
    this.listen(this.#author, "change", later);
    this.listen(this.part("found_filters"), "change", (event) => this.#chose(event, later));
    this.listen(this.part("found_more"), "click", () => this.#more());
    this.listen(this.part("found_list"), "click", ({ target }) => {
      const item = target instanceof Element ? target.closest(ITEM) : null;
      const hit = this.#hits.find(({ id }) => item instanceof HTMLElement && item.dataset.message === id);
      if (hit !== undefined) open(hit);
    });
    this.follow("messages", () => this.part("found").hidden || later());
  }

  // Actions

  /** @param {Conversation[]} conversations @param {string | undefined} open_id */
  update(conversations, open_id) {
    this.#conversations = new Map(conversations.map((conversation) => [conversation.id, conversation]));
    this.#open_id = open_id;
    this.part("found_here").hidden = open_id === undefined;
    if (open_id === undefined && this.#filter === "here") this.#filter = "";
    // The field was emptied by another hand.
    if (this.#search.value.trim() === "") this.#show([]);
  }

  #more() {
    this.#limit += PAGE;
    this.#find();
  }

  /** @param {Event} event @param {() => void} then */
  #chose({ target }, then) {
    if (!(target instanceof HTMLInputElement)) return;
    this.#filter = /** @type {"" | "here" | "files"} */ (target.value);
    then();
  }

  // Internal

  async #run() {
    const wanted = this.#search.value.trim();
    if (wanted === "") {
      this.#show([]);
      return;
    }
    const hits = await this.queries.search({
      text: wanted,
      limit: this.#limit + 1,
      ...(this.#filter === "here" && this.#open_id !== undefined ? { conversation: this.#open_id } : {}),
      ...(this.#filter === "files" ? { files: true } : {}),
      ...(this.#author.value === "" ? {} : { author: this.#author.value }),
    });
    if (this.ending.aborted || wanted !== this.#search.value.trim()) return;
    await this.#fill_authors();
    this.#show(hits);
  }

  /** @param {SearchHit[]} hits */
  #show(hits) {
    this.#hits = hits.slice(0, this.#limit);
    const active = this.#search.value.trim() !== "";
    const clock = this.context.clock();
    this.part("found").hidden = !active;
    this.part("found_none").hidden = hits.length > 0;
    this.part("found_more").hidden = hits.length <= this.#limit;
    this.part("found_count").textContent = active ? this.#count(hits.length) : "";
    reconcile(this.part("found_list"), this.#hits, {
      key: ({ conversation, id }) => `${conversation} ${id}`,
      create: () => clone("found-item"),
      update: (element, hit) => this.#fill(element, hit, short_time(hit.time, clock)),
    });
    set_stop(this.part("found_list"), ITEM);
  }

  /** @param {HTMLElement} element @param {SearchHit} hit @param {string} time */
  #fill(element, { id, conversation, author, text: words, ranges }, time) {
    const peer = this.#conversations.get(conversation)?.peer ?? { account: conversation, username: "" };
    const button = find_part(element, "open", HTMLElement);
    button.dataset.message = id;
    button.dataset.conversation = conversation;
    draw_avatar(find_part(element, "avatar", HTMLElement), peer);
    find_part(element, "name", HTMLElement).textContent = peer.username;
    find_part(element, "time", HTMLElement).textContent = time;
    const own = author.account === this.context.session.profile()?.account;
    // Of two people it is the one whose name stands above.
    const other = author.account === conversation ? "" : text("found_by", { name: author.username });
    find_part(element, "author", HTMLElement).textContent = own ? text("found_own") : other;
    find_part(element, "words", HTMLElement).replaceChildren(...snippet(words, ranges).map(piece_node));
  }

  /** @param {number} found one more than are shown where there are more */
  #count(found) {
    if (found > this.#limit) return counted("found_more", this.#limit);
    return found === 0 ? "" : counted("found", found);
  }

  async #fill_authors() {
    if (this.#author.options.length > 1) return;
    const own = this.context.session.profile();
    const people = await this.queries.contacts();
    for (const { account, username } of [...(own ? [{ account: own.account, username: text("found_me") }] : []), ...people]) {
      this.#author.append(new Option(username, account));
    }
  }
}

/** @param {{ text: string, found: boolean }} piece @returns {Node} */
function piece_node({ text: words, found }) {
  if (!found) return document.createTextNode(words);
  const mark = document.createElement("mark");
  mark.textContent = words;
  return mark;
}
