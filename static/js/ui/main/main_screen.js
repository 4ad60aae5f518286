// @ts-check
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { clone } from "../kit/template.js";
import { announcement, newly_written, total_unread } from "../helpers/conversation_lists.js";
import { KeyLogWatch } from "../key_log/key_log_watch.js";
import { ConversationPane } from "../conversation/conversation_pane.js";
import { MessageResults } from "../search/message_results.js";
import { SettingsPane } from "../settings/settings_pane.js";
import { words_for_code } from "../error_words.js";
import { text } from "../texts.js";
import { ArchiveBar } from "./archive_bar.js";
import { ConnectionBanner } from "./connection_banner.js";
import { ConversationList } from "./conversation_list.js";
import { OwnHeader } from "./own_header.js";
import { PageNotices } from "../notices/page_notices.js";
import { open_invitation } from "./open_invitation.js";
import { ReleaseBar } from "./release_bar.js";
import { Reminder } from "./reminder.js";
import { Shortcuts } from "./shortcuts.js";

/** @import { Route, Section } from "../helpers/routes.js" */
/** @import { SearchHit } from "../search_types.js" */
/** @import { Conversation } from "../session_types.js" */

/** The list on one side, and beside it whatever the address names. */
export class MainScreen extends Controller {
  /** @type {Conversation[] | undefined} */
  #conversations;
  /** @type {ConversationPane | SettingsPane | undefined} */
  #pane;
  /** @type {string | undefined} */
  #open_id;
  #list = this.adopt(new ConversationList(this.element, this.context));
  #found = this.adopt(new MessageResults(this.element, this.context));

  // Lifecycle

  async start() {
    this.adopt(new OwnHeader(this.element, this.context)).start();
    this.adopt(new PageNotices(this.element, this.context)).start();
    this.adopt(new ConnectionBanner(this.part("banner"), this.context)).start();
    this.adopt(new ReleaseBar(this.part("release_bar"), this.context)).start();
    this.adopt(new KeyLogWatch(this.element, this.context)).start();
    this.adopt(new ArchiveBar(this.part("archive_place"), this.context)).start();
    this.adopt(new Reminder(this.part("reminder"), this.context)).start();
    this.adopt(new Shortcuts(this.element, this.context)).start();
    this.#list.start();
    this.#found.start((hit) => this.#open_found(hit));
    this.listen(this.part("skip"), "click", (event) => this.#skip(event));
    this.follow("conversations", latest_only(() => this.#refresh(), (error) => this.context.toasts.warn_about(error)));
    this.at_end(this.context.router.on_change((route, before) => this.#show(route, before)));
    this.at_end(() => (document.title = text("app")));
    await this.#refresh();
    this.#show(this.context.router.route);
  }

  // Actions

  /** @param {Event} event the link's own fragment would be taken for a place to go to */
  #skip(event) {
    event.preventDefault();
    this.part("detail").focus();
  }

  /** @param {SearchHit} hit */
  #open_found({ conversation, id, order }) {
    this.context.router.go({ name: "conversation", id: conversation, contact: false });
    if (!(this.#pane instanceof ConversationPane) || this.#open_id !== conversation) return;
    void this.#pane.show_message({ id, order }).catch((error) => this.context.toasts.warn_about(error));
  }

  async #refresh() {
    const before = this.#conversations;
    const conversations = await this.queries.conversations();
    this.#conversations = conversations;
    this.#list.show(conversations, this.#open_id);
    this.#found.update(conversations, this.#open_id);
    const unread = total_unread(conversations, this.context.clock().now);
    document.title = unread === 0 ? text("app") : text("title_unread", { count: unread });
    if (this.#pane === undefined) this.#show_nothing();
    if (before !== undefined) this.#announce(newly_written(before, conversations, { open: this.#open_id, now: this.context.clock().now }));
  }

  /**
   * @param {Route} route
   * @param {Route} [before]
   */
  #show(route, before) {
    if (route.name === "invitation" || route.name === "group_link") {
      open_invitation(route.fragment, this.context);
      this.context.router.replace({ name: "list" });
      return;
    }
    if (route.name === "registration") {
      this.context.toasts.warn(words_for_code("already_signed_up"), "already_signed_up");
      this.context.router.replace({ name: "list" });
      return;
    }
    this.element.dataset.pane = route.name === "conversation" && route.contact ? "contact" : route.name;
    const id = route.name === "conversation" ? route.id : undefined;
    if (id === undefined || id !== this.#open_id || this.#pane === undefined) this.#open(route, id);
    if (route.name === "conversation" && this.#pane instanceof ConversationPane) this.#pane.show_contact(route.contact);
    if (route.name === "list" && before?.name === "conversation") this.#list.focus_item(before.id);
  }

  // Internal

  /**
   * @param {Route} route
   * @param {string | undefined} id
   */
  #open(route, id) {
    this.release(this.#pane);
    this.#pane = undefined;
    this.#open_id = id;
    this.#list.show(this.#conversations ?? [], id);
    this.#found.update(this.#conversations ?? [], id);
    if (route.name === "settings") this.#open_settings(route.section);
    else if (id !== undefined) this.#open_conversation(id);
    else this.#show_nothing();
  }

  /** @param {Section} [section] */
  #open_settings(section) {
    const element = clone("settings");
    this.part("detail").replaceChildren(element);
    this.#pane = this.adopt(new SettingsPane(element, this.context));
    this.#pane.start(section);
  }

  /** @param {string} id */
  #open_conversation(id) {
    const element = clone("conversation");
    this.part("detail").replaceChildren(element);
    this.#pane = this.adopt(new ConversationPane(element, this.context));
    this.#pane.start(id);
  }

  #show_nothing() {
    const element = clone("detail-empty");
    if (this.#conversations?.length === 0) {
      const name = this.context.session.profile()?.username ?? "";
      const [title, words] = element.querySelectorAll("[data-part]");
      if (title && words) [title.textContent, words.textContent] = [text("nobody_title", { name }), text("nobody_text")];
    }
    this.part("detail").replaceChildren(element);
  }

  /** @param {Conversation[]} conversations */
  #announce(conversations) {
    for (const conversation of conversations) {
      this.context.announcer.say(announcement(conversation, conversation.id === this.#open_id));
    }
  }
}
