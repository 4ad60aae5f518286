// @ts-check
import { mentioned } from "../helpers/mention_query.js";
import { counted } from "../helpers/plural.js";
import { Attach } from "../files/attach.js";
import { Controller } from "../kit/controller.js";
import { fit_height } from "../kit/fit_height.js";
import { latest_only } from "../kit/latest_only.js";
import { text } from "../texts.js";
import { ComposerContext } from "./composer_context.js";
import { DraftKeeper } from "./draft_keeper.js";
import { EmojiPicker } from "./emoji_picker.js";
import { MentionList } from "./mention_list.js";

/** @import { Draft } from "../message_types.js" */
/** @import { Conversation, Message, Person } from "../session_types.js" */

/** docs/protocol.md 8 */
const LONGEST = 16_384;
const COUNTED_FROM = 500;

/** Where a message is written, answered and changed. */
export class Composer extends Controller {
  /** @type {() => Message | undefined} the newest that can be changed */
  last_editable = () => undefined;
  #id = "";
  /** what was being written when a change of another message came in between */
  #put_aside = "";
  /** @type {Person[]} */
  #members = [];
  #input = this.part("input", HTMLTextAreaElement);
  #send = this.part("send", HTMLButtonElement);
  #answered = this.adopt(new ComposerContext(this.element, this.context));
  #mentions = this.adopt(new MentionList(this.element, this.context));
  #draft = this.adopt(new DraftKeeper(this.element, this.context));
  #attach = this.adopt(new Attach(this.element, this.context));

  // Lifecycle

  /** @param {Conversation} conversation */
  start(conversation) {
    const { id, peer } = conversation;
    this.#id = id;
    this.#input.ariaLabel = text("write_to", { name: peer.username });
    this.#answered.start(() => this.#leave());
    this.#mentions.start();
    this.#attach.start(conversation, { input: this.#input, on_change: () => this.#show() });
    this.listen(this.#input, "input", () => this.#typed());
    this.listen(this.#input, "keydown", (event) => this.#pressed(event));
    this.listen(this.part("emoji"), "click", () => this.#pick());
    this.listen(this.element, "submit", (event) => this.#submit(event));
    this.#show();
    this.#restore();
    if (conversation.notes) this.#input.placeholder = this.#input.ariaLabel = text("notes_write");
    else if (conversation.kind === "group") this.#follow_members();
  }

  // Actions

  /** @param {Message} message */
  answer(message) {
    if (this.#answered.kind === "edit") this.#leave();
    this.#answered.show("reply", message);
    this.#input.focus();
    this.#draft.keep();
  }

  /** @param {Message} message */
  edit(message) {
    if (this.#answered.kind !== "edit") this.#put_aside = this.#input.value;
    this.#answered.show("edit", message);
    this.#fill(message.text ?? "");
    this.#input.focus();
    this.#input.setSelectionRange(this.#input.value.length, this.#input.value.length);
  }

  /** What is written and not sent; of a change, what was put aside for it. @returns {Draft} */
  get written() {
    const { kind, message } = this.#answered;
    if (kind === "edit") return { text: this.#put_aside };
    return { text: this.#input.value, ...(kind === "reply" && message ? { reply: message.id } : {}) };
  }

  /**
   * Goes on with what was written elsewhere, unless something is written here.
   * @param {Draft} draft
   */
  async go_on_with(draft) {
    if (this.ending.aborted || this.#input.value !== "") return;
    this.#fill(draft.text);
    if (draft.reply === undefined) return;
    const details = await this.queries.message_details({ conversation: this.#id, id: draft.reply });
    if (details !== null && !this.ending.aborted && this.#answered.kind === undefined) this.#answered.show("reply", details.message);
  }

  #typed() {
    this.#show();
    this.#draft.keep();
    // A hint that nobody depends on: what goes wrong with it is nobody's business.
    if (this.#input.value !== "" && this.#answered.kind !== "edit") this.commands.typing({ conversation: this.#id }).catch(() => {});
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing || this.#mentions.takes(event)) return;
    const last = event.key === "ArrowUp" && this.#input.value === "" && this.#answered.kind === undefined ? this.last_editable() : undefined;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.element.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
    } else if (event.key === "Escape" && this.#answered.kind !== undefined) {
      event.preventDefault();
      this.#leave();
    } else if (last !== undefined) {
      event.preventDefault();
      this.edit(last);
    }
  }

  #pick() {
    new EmojiPicker("emoji-picker", this.context).open_for(this.part("emoji"), (emoji) => {
      this.#input.setRangeText(emoji, this.#input.selectionStart, this.#input.selectionEnd, "end");
      this.#input.focus();
      this.#typed();
    });
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    if (this.#send.disabled) return;
    const words = this.#input.value.trim();
    const { kind, message } = this.#answered;
    this.#answered.hide();
    this.#fill(kind === "edit" ? this.#put_aside : "");
    this.#draft.keep_now();
    this.#input.focus();
    try {
      await this.#deliver(words, kind, message);
    } catch (error) {
      this.context.toasts.warn_about(error);
      this.#give_back(words, kind, message);
    }
  }

  // Internal

  /**
   * @param {string} words
   * @param {"reply" | "edit" | undefined} kind
   * @param {Message | undefined} message
   */
  async #deliver(words, kind, message) {
    const people = mentioned(words, this.#members);
    const mentions = people.length > 0 ? { mentions: people } : {};
    const conversation = this.#id;
    const answer = { text: words, ...mentions, ...(message && { reply: message.id }) };
    if (kind !== "edit" && this.#attach.has_files) await this.#attach.send(answer);
    else if (kind !== "edit" || message === undefined) await this.commands.send_text({ conversation, ...answer });
    else if (words !== message.text) await this.commands.edit_message({ conversation, id: message.id, text: words, ...mentions });
  }

  /**
   * @param {string} words that could not be sent
   * @param {"reply" | "edit" | undefined} kind
   * @param {Message | undefined} message
   */
  #give_back(words, kind, message) {
    const reply = kind === "reply" && message ? { reply: message.id } : {};
    if (this.ending.aborted) {
      if (kind !== "edit") this.commands.save_draft({ conversation: this.#id, text: words, ...reply }).catch((error) => this.context.toasts.warn_about(error));
      return;
    }
    if (this.#answered.kind !== undefined || (this.#input.value !== "" && kind !== "edit")) return;
    if (kind !== undefined && message !== undefined) this.#answered.show(kind, message);
    this.#fill(words);
    this.#draft.keep();
  }

  #leave() {
    const edited = this.#answered.kind === "edit";
    this.#answered.hide();
    if (edited) this.#fill(this.#put_aside);
    this.#input.focus();
    this.#draft.keep();
  }

  async #restore() {
    try {
      const draft = await this.#draft.start(this.#id, () => this.written);
      if (draft !== null) await this.go_on_with(draft);
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  /** In a group, people come and go while somebody writes. */
  #follow_members() {
    const meet = latest_only(() => this.#meet(), (error) => this.context.toasts.warn_about(error));
    this.follow("conversations", meet);
    meet();
  }

  async #meet() {
    const group = await this.queries.group({ id: this.#id });
    if (this.ending.aborted) return;
    this.#members = group?.members.filter(({ own }) => !own) ?? [];
    this.#mentions.know(this.#members);
  }

  /** @param {string} words */
  #fill(words) {
    this.#input.value = words;
    this.#show();
  }

  #show() {
    const words = this.#input.value;
    const left = LONGEST - [...words].length;
    const has_files = this.#attach.has_files && this.#answered.kind !== "edit";
    this.#send.disabled = (words.trim() === "" && !has_files) || left < 0;
    this.element.dataset.empty = String(words === "");
    const count = this.part("count");
    count.dataset.over = String(left < 0);
    if (left < 0) count.textContent = counted("characters_over", -left);
    else count.textContent = left < COUNTED_FROM ? counted("characters_left", left) : "";
    fit_height(this.#input);
  }
}
