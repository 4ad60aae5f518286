// @ts-check
import { is_shut_out } from "../helpers/shut_out.js";
import { draw_avatar } from "../kit/avatar_view.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { clone } from "../kit/template.js";
import { ContactPanel } from "../contact/contact_panel.js";
import { GroupHeader } from "../groups/group_header.js";
import { GroupPanel } from "../groups/group_panel.js";
import { NotesHeader } from "../notes/notes_header.js";
import { NotesPanel } from "../notes/notes_panel.js";
import { BlockedBar } from "../people/blocked_bar.js";
import { text } from "../texts.js";
import { Composer } from "./composer.js";
import { LogBar } from "./log_bar.js";
import { MessageDeeds } from "./message_deeds.js";
import { MessageList } from "./message_list.js";
import { PinnedBar } from "./pinned_bar.js";
import { RequestBar } from "./request_bar.js";
import { StoppedBar } from "./stopped_bar.js";
import { TypingLine } from "./typing_line.js";

/** @import { Conversation } from "../session_types.js" */

/** One conversation: who it is with, what was said, and what can be done now. */
export class ConversationPane extends Controller {
  /** @type {Conversation | undefined} */
  #conversation;
  /** @type {Controller | undefined} what the footer holds */
  #footer;
  /** @type {MessageList | undefined} */
  #list;
  /** @type {MessageDeeds | undefined} */
  #deeds;
  /** @type {Controller | undefined} */
  #stopped;
  /** @type {Controller | undefined} */
  #log_bar;
  /** @type {ContactPanel | GroupPanel | NotesPanel | undefined} */
  #contact;
  #group_header = this.adopt(new GroupHeader(this.element, this.context));
  #notes_header = this.adopt(new NotesHeader(this.element, this.context));
  /** @type {Promise<void> | undefined} once its messages are shown */
  #opened;
  #wants_contact = false;
  #shown_state = "";
  /** @type {string | undefined} why this browser is let in no more */
  #shut_out;

  // Lifecycle

  /** @param {string} id */
  start(id) {
    this.#opened = this.#open(id);
    return this.#opened;
  }

  /** @param {string} id */
  async #open(id) {
    this.element.dataset.conversation = id;
    const { router, toasts } = this.context;
    this.listen(this.part("back"), "click", () => router.back_to({ name: "list" }));
    this.listen(this.part("open_contact"), "click", () => router.go({ name: "conversation", id, contact: true }));
    this.follow("connection", ({ stopped }) => {
      this.#shut_out = is_shut_out(stopped) ? stopped : undefined;
      if (this.#conversation !== undefined) this.#show_bars(this.#conversation);
    });
    this.follow("conversations", latest_only(() => this.#refresh(id), (error) => toasts.warn_about(error)));
    await this.#refresh(id);
    if (this.#conversation === undefined || this.ending.aborted) return;
    await this.#open_list(this.#conversation);
    this.#focus_first();
  }

  end() {
    super.end();
    this.#contact?.element.remove();
  }

  // Actions

  /**
   * A message in its context: what was searched for, answered to, pinned.
   * @param {{ id: string, order?: number }} message
   * @returns {Promise<boolean>} false when it is not here
   */
  async show_message(message) {
    await this.#opened;
    return (await this.#list?.show_message(message)) ?? false;
  }

  /** @param {boolean} wanted */
  show_contact(wanted) {
    this.#wants_contact = wanted;
    if (this.#conversation === undefined) return;
    if (!wanted && this.#contact !== undefined) {
      this.#contact.element.remove();
      this.release(this.#contact);
      this.#contact = undefined;
      this.part("open_contact").focus();
    }
    if (wanted && this.#contact === undefined) this.#open_contact(this.#conversation);
  }

  // Internal

  /** @param {Conversation} conversation */
  #open_list(conversation) {
    const { id, state, notes = false } = conversation;
    const list = this.adopt(new MessageList(this.element, this.context));
    const deeds = new MessageDeeds(this.context, id, () => (this.#footer instanceof Composer ? this.#footer : undefined));
    Object.assign(deeds, { state, notes });
    this.#list = list;
    this.#deeds = deeds;
    const listed = list.start(conversation, deeds);
    this.adopt(new PinnedBar(this.element, this.context)).start(id, (message) => list.show_message(message));
    this.adopt(new TypingLine(this.element, this.context)).start(conversation);
    return listed;
  }

  /** @param {string} id */
  async #refresh(id) {
    const conversation = await this.queries.conversation({ id });
    if (this.ending.aborted) return;
    if (conversation === null) {
      this.context.router.replace({ name: "list" });
      return;
    }
    this.#conversation = conversation;
    this.#list?.update(conversation);
    if (conversation.notes) this.#notes_header.update(conversation);
    else if (conversation.kind === "group") this.#group_header.update(conversation);
    else this.#show_header(conversation);
    this.#show_bars(conversation);
    this.#show_log_bar(conversation);
    this.show_contact(this.#wants_contact);
    this.#contact?.update(conversation);
  }

  /** @param {Conversation} conversation */
  #show_header({ peer, state }) {
    const name = peer.username;
    draw_avatar(this.part("avatar"), peer);
    draw_avatar(this.part("start_avatar"), peer);
    this.part("title").textContent = this.part("start_name").textContent = name;
    this.part("start_text").textContent = `${text("start_text", { name })} ${peer.verified ? "" : text("start_unverified")}`;
    this.part("verified", SVGElement).toggleAttribute("hidden", !peer.verified);
    this.part("state").textContent = text(state_key(peer, state));
    this.part("state").dataset.state = state_key(peer, state);
    this.part("scroller").ariaLabel = text("messages_with", { name });
  }

  /** @param {Conversation} stored */
  #show_bars(stored) {
    /** @type {Conversation} */
    const conversation = this.#shut_out ? { ...stored, state: "stopped", stopped: this.#shut_out } : stored;
    if (this.#deeds !== undefined) Object.assign(this.#deeds, { state: conversation.state, notes: conversation.notes === true });
    const shown = `${conversation.state} ${conversation.stopped} ${conversation.blocked} ${conversation.may_write}`;
    if (shown === this.#shown_state) return;
    this.#shown_state = shown;
    const had_focus = ["footer", "top_bar"].some((name) => this.part(name).contains(document.activeElement));
    const written = this.#footer instanceof Composer ? this.#footer.written : undefined;
    this.release(this.#footer);
    this.release(this.#stopped);
    this.part("footer").replaceChildren();
    this.part("top_bar").replaceChildren();
    if (conversation.blocked) this.#footer = this.#place("footer", BlockedBar, "blocked-bar", conversation);
    else if (conversation.state === "stopped") this.#stopped = this.#place("top_bar", StoppedBar, "stopped-bar", conversation);
    else if (conversation.state === "request") this.#footer = this.#place("footer", RequestBar, "request-bar", conversation);
    else if (conversation.state === "active" && conversation.may_write === false) this.part("footer").append(clone("only-admins"));
    else if (conversation.state === "active") this.#place_composer(conversation, written);
    if (had_focus) this.#focus_first();
  }

  /**
   * @param {Conversation} conversation
   * @param {import("../message_types.js").Draft} [written] in the one that it takes the place of
   */
  #place_composer(conversation, written) {
    const composer = this.#place("footer", Composer, "composer", conversation);
    composer.last_editable = () => this.#list?.last_editable();
    this.#footer = composer;
    if (written !== undefined) composer.go_on_with(written).catch((error) => this.context.toasts.warn_about(error));
  }

  /** @param {Conversation} conversation */
  #show_log_bar(conversation) {
    const wanted = conversation.state === "active" && conversation.waits_for_log === true;
    if (wanted && this.#log_bar === undefined) this.#log_bar = this.#place("log_bar", LogBar, "log-bar", conversation);
    if (wanted || this.#log_bar === undefined) return;
    const had_focus = this.part("log_bar").contains(document.activeElement);
    this.release(this.#log_bar);
    this.#log_bar = undefined;
    this.part("log_bar").replaceChildren();
    if (had_focus) this.#focus_first();
  }

  /**
   * @template {Controller & { start: (conversation: Conversation) => void }} C
   * @param {string} part
   * @param {new (...given: ConstructorParameters<typeof Controller>) => C} Kind
   * @param {string} template
   * @param {Conversation} conversation
   * @returns {C}
   */
  #place(part, Kind, template, conversation) {
    const element = clone(template);
    this.part(part).replaceChildren(element);
    const controller = this.adopt(new Kind(element, this.context));
    controller.start(conversation);
    return controller;
  }

  /** @param {Conversation} conversation */
  #open_contact(conversation) {
    const [template, Panel] = panel_of(conversation);
    const element = clone(template);
    this.element.after(element);
    this.#contact = this.adopt(new Panel(element, this.context));
    this.#contact.start(conversation);
  }

  #focus_first() {
    if (this.#wants_contact) return;
    const input = this.part("footer").querySelector("textarea");
    // On a touch screen the focus would bring up the keyboard over what somebody came to read.
    if (input !== null && matchMedia("(pointer: fine)").matches) input.focus({ preventScroll: true });
    else this.part("title").focus({ preventScroll: true });
  }
}

/**
 * @param {Conversation} conversation
 * @returns {[string, typeof ContactPanel | typeof GroupPanel | typeof NotesPanel]} what opens beside it: its template and its class
 */
function panel_of({ kind, notes }) {
  if (notes) return ["notes", NotesPanel];
  return kind === "group" ? ["group", GroupPanel] : ["contact", ContactPanel];
}

/**
 * @param {Conversation["peer"]} peer
 * @param {Conversation["state"]} state
 * @returns {string}
 */
function state_key(peer, state) {
  if (peer.identity_changed) return "peer_changed";
  if (state === "request" || state === "stopped") return `peer_${state}`;
  return peer.verified ? "peer_verified" : "peer_unverified";
}
