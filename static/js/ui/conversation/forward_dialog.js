// @ts-check
import { draw_conversation } from "../groups/group_picture.js";
import { shown_conversations } from "../helpers/conversation_lists.js";
import { name_of } from "../helpers/group_words.js";
import { counted } from "../helpers/plural.js";
import { plain_text } from "../helpers/text_parts.js";
import { FormDialog } from "../kit/form_dialog.js";
import { reconcile } from "../kit/reconcile.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Conversation, Message } from "../session_types.js" */

/** As many as one message can be passed on to at once: it is meant for people, not for the whole world. */
const MOST = 8;

/** Whom to pass a message on to. */
export class ForwardDialog extends FormDialog {
  /** @type {Conversation[]} */
  #conversations = [];
  /** @type {Set<string>} */
  #chosen = new Set();

  /**
   * @param {string} conversation
   * @param {Message} message
   */
  async open_for(conversation, message) {
    this.part("preview").textContent = plain_text(message.text ?? "") || text("quote_no_text");
    this.open_for_work(() => this.#forward(conversation, message));
    this.listen(this.part("filter"), "input", () => this.#render());
    this.listen(this.part("choices"), "change", (event) => this.#changed(event));
    try {
      const all = await this.queries.conversations();
      this.#conversations = all.filter(({ state }) => state === "active");
      this.#render();
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }

  // Actions

  /** @param {Event} event */
  #changed({ target }) {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.checked) this.#chosen.add(target.value);
    else this.#chosen.delete(target.value);
    this.#render();
  }

  /**
   * @param {string} conversation
   * @param {Message} message
   */
  async #forward(conversation, { id }) {
    const to = [...this.#chosen];
    await this.commands.forward_message({ conversation, id, to });
    this.context.toasts.say(counted("forwarded_now", to.length));
    if (to.length === 1) this.context.router.go({ name: "conversation", id: to[0], contact: false });
  }

  // Internal

  #render() {
    const shown = shown_conversations(this.#conversations, this.part("filter", HTMLInputElement).value);
    reconcile(this.part("choices"), shown, {
      key: ({ id }) => id,
      create: () => clone("forward-choice"),
      update: (choice, conversation) => this.#fill(choice, conversation),
    });
    this.part("none").hidden = shown.length > 0;
    this.part("confirm", HTMLButtonElement).disabled = this.#chosen.size === 0;
  }

  /**
   * @param {HTMLElement} choice
   * @param {Conversation} conversation
   */
  #fill(choice, conversation) {
    const { id } = conversation;
    const box = find_part(choice, "box", HTMLInputElement);
    box.value = id;
    box.checked = this.#chosen.has(id);
    box.disabled = !box.checked && this.#chosen.size >= MOST;
    draw_conversation(find_part(choice, "avatar", HTMLElement), conversation);
    find_part(choice, "name", HTMLElement).textContent = name_of(conversation);
  }
}
