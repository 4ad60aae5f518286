// @ts-check
import { shown_conversations } from "../helpers/conversation_lists.js";
import { invitation_in } from "../helpers/routes.js";
import { tidy_name } from "../helpers/name_rules.js";
import { Controller } from "../kit/controller.js";
import { reconcile } from "../kit/reconcile.js";
import { rove, set_stop } from "../kit/roving_focus.js";
import { clone } from "../kit/template.js";
import { text } from "../texts.js";
import { fill_item } from "./conversation_item.js";
import { NewConversationDialog } from "./new_conversation_dialog.js";
import { open_notes } from "../notes/open_notes.js";
import { open_invitation } from "./open_invitation.js";

/** @import { Conversation } from "../session_types.js" */

const ITEM = ".conversation-item";

/** The list of conversations and the field that narrows it. */
export class ConversationList extends Controller {
  /** @type {Conversation[]} */
  #conversations = [];
  /** @type {string | undefined} */
  #open_id;
  #search = this.part("search", HTMLInputElement);

  // Lifecycle

  start() {
    rove(this.part("list"), ITEM, this.ending);
    this.listen(this.#search, "input", () => this.#typed());
    this.listen(this.#search, "keydown", (event) => this.#pressed(event));
    this.listen(this.part("search_start"), "click", () => this.#begin(this.#search.value));
    this.listen(this.part("empty_new"), "click", () => this.#begin(""));
    this.listen(this.part("empty_notes"), "click", () => open_notes(this.part("empty_notes"), this.context));
    // "Yesterday" comes at midnight, without any message.
    const timer = setInterval(() => this.#render(), 60_000);
    this.at_end(() => clearInterval(timer));
  }

  // Actions

  /**
   * @param {Conversation[]} conversations
   * @param {string | undefined} open_id
   */
  show(conversations, open_id) {
    this.#conversations = conversations;
    this.#open_id = open_id;
    this.#render();
  }

  /** @param {string} id */
  focus_item(id) {
    const item = this.part("list").querySelector(`[data-conversation="${CSS.escape(id)}"]`);
    if (item instanceof HTMLElement && item.checkVisibility({ visibilityProperty: true })) item.focus();
  }

  #typed() {
    const fragment = invitation_in(this.#search.value);
    if (fragment !== null) {
      this.#search.value = "";
      open_invitation(fragment, this.context);
    }
    this.#render();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const first = this.part("list").querySelector(ITEM);
    if (event.key === "Escape" && this.#search.value !== "") {
      event.preventDefault();
      this.#search.value = "";
      this.#render();
    } else if (event.key === "ArrowDown" && first instanceof HTMLElement) {
      event.preventDefault();
      first.focus();
    } else if (event.key === "Enter" && !event.isComposing && this.#search.value.trim() !== "") {
      if (first instanceof HTMLElement) first.click();
      else this.#begin(this.#search.value);
    }
  }

  /** @param {string} typed */
  #begin(typed) {
    new NewConversationDialog("new-conversation", this.context).open_with(tidy_name(typed));
    this.#search.value = "";
    this.#render();
  }

  // Internal

  #render() {
    const query = this.#search.value;
    const shown = shown_conversations(this.#conversations, query);
    const clock = this.context.clock();
    reconcile(this.part("list"), shown, {
      key: ({ id }) => id,
      create: () => clone("conversation-item"),
      update: (element, conversation) => fill_item(element, conversation, { open: conversation.id === this.#open_id, clock }),
    });
    set_stop(this.part("list"), ITEM);
    const name = tidy_name(query);
    this.part("search_empty").hidden = name === "" || shown.length > 0;
    this.part("search_empty_text").textContent = text("search_none", { name });
    this.part("search_start").textContent = text("search_start", { name });
    this.part("list_empty").hidden = name !== "" || shown.length > 0;
    this.element.dataset.empty = String(shown_conversations(this.#conversations, "").length === 0);
  }
}
