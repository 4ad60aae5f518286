// @ts-check
import { total_unread } from "../helpers/conversation_lists.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { leave_word } from "../language/left_word.js";
import { show_app_badge } from "./app_badge.js";
import { find_news, notices_of } from "./find_news.js";
import { hold_while_seen, is_any_seen } from "./seen_pages.js";
import { close_notices, options_of, show_notice } from "./show_notice.js";
import { mark_tab_icon } from "./tab_icon.js";

/** @import { Conversation } from "../session_types.js" */
/** @import { Notice } from "./find_news.js" */

/** What this page says of new messages while nobody looks at it: the icon of its tab, a number, and notices where they are wanted. */
export class PageNotices extends Controller {
  /** @type {Conversation[] | undefined} */
  #before;
  /** @type {Map<string, Notification>} shown without a service worker, by conversation */
  #shown = new Map();

  // Lifecycle

  start() {
    hold_while_seen(this.ending);
    this.follow("conversations", latest_only(() => this.#refresh(), (error) => this.context.toasts.warn_about(error)));
    this.listen(document, /** @type {any} */ ("visibilitychange"), () => this.#looked());
    const worker = navigator.serviceWorker;
    if (worker !== undefined) this.listen(worker, /** @type {any} */ ("message"), (event) => this.#open(/** @type {any} */ (event).data?.open));
    this.at_end(() => {
      mark_tab_icon(false);
      show_app_badge(navigator, 0);
    });
    void this.#refresh_push();
    void this.#refresh();
    this.#looked();
  }

  // Actions

  async #refresh() {
    const conversations = await this.queries.conversations();
    if (this.ending.aborted) return;
    const before = this.#before;
    this.#before = conversations;
    const unread = total_unread(conversations, this.context.clock().now);
    mark_tab_icon(unread > 0);
    show_app_badge(navigator, unread);
    if (before !== undefined) await this.#tell(before, conversations);
  }

  #looked() {
    if (document.hidden) return;
    for (const notification of this.#shown.values()) notification.close();
    this.#shown.clear();
    void find_registration().then((registration) => registration && close_notices(registration));
  }

  /** @param {unknown} id */
  #open(id) {
    if (typeof id === "string") this.context.router.go({ name: "conversation", id, contact: false });
  }

  // Internal

  async #refresh_push() {
    try {
      if (!(await this.queries.notifications()).on) return;
      await leave_word(globalThis.caches, document.documentElement.lang);
      await this.commands.refresh_push();
    } catch {
      // With the next page it is tried again.
    }
  }

  /**
   * @param {Conversation[]} before
   * @param {Conversation[]} after
   */
  async #tell(before, after) {
    const news = find_news(before, after, this.context.clock().now);
    if (news.length === 0 || globalThis.Notification?.permission !== "granted" || (await is_any_seen())) return;
    const { on, texts } = await this.queries.notifications();
    if (!on) return;
    const { kind } = await this.queries.lock();
    const registration = await find_registration();
    for (const notice of notices_of(news, { locks: kind !== "none", texts })) {
      if (registration) await show_notice(registration, notice);
      else this.#show_here(notice);
    }
  }

  /** @param {Notice} notice */
  #show_here(notice) {
    try {
      const notification = new Notification(notice.title, options_of(notice));
      this.#shown.set(notice.conversation, notification);
      notification.addEventListener("click", () => {
        window.focus();
        if (notice.conversation !== "") this.#open(notice.conversation);
        notification.close();
      });
    } catch {
      // On phones only a service worker may show them.
    }
  }
}

/** @returns {Promise<ServiceWorkerRegistration | undefined>} */
async function find_registration() {
  const registration = await navigator.serviceWorker?.getRegistration("/").catch(() => undefined);
  return registration?.active ? registration : undefined;
}
