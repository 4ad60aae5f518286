// @ts-check
import { copy_text } from "../kit/copy_text.js";
import { text } from "../texts.js";
import { open_report } from "../people/report_dialog.js";
import { DeleteDialog } from "./delete_dialog.js";
import { DetailsDialog } from "./details_dialog.js";
import { ForwardDialog } from "./forward_dialog.js";

/** @import { Context } from "../context.js" */
/** @import { Conversation, Message } from "../session_types.js" */
/** @import { Action } from "../helpers/message_actions.js" */
/** @import { Composer } from "./composer.js" */

/** Does to a message what was chosen, wherever it was chosen. */
export class MessageDeeds {
  /** @type {Conversation["state"]} */
  state = "active";
  /** what is written there is for oneself */
  notes = false;

  /**
   * @param {Context} context
   * @param {string} conversation
   * @param {() => Composer | undefined} composer there is one while something can be written
   */
  constructor(context, conversation, composer) {
    this.context = context;
    this.conversation = conversation;
    this.composer = composer;
  }

  /**
   * @param {Action} action
   * @param {Message} message
   */
  do(action, message) {
    /** @type {Record<Action, () => unknown>} */
    const deeds = {
      reply: () => this.composer()?.answer(message),
      edit: () => this.composer()?.edit(message),
      copy: () => copy_text(message.text ?? "", this.context.toasts),
      forward: () => new ForwardDialog("forward", this.context).open_for(this.conversation, message),
      pin: () => this.#pin(message, true),
      unpin: () => this.#pin(message, false),
      details: () => new DetailsDialog("message-details", this.context).open_for(this.conversation, message),
      report: () => open_report(this.context, this.conversation, message),
      delete_own: () => new DeleteDialog("delete-message", this.context).open_for(this.conversation, message, "own"),
      delete_all: () => new DeleteDialog("delete-message", this.context).open_for(this.conversation, message, "all", this.notes),
    };
    return deeds[action]();
  }

  /**
   * @param {Message} message
   * @param {string} emoji given, or taken back where it was given
   */
  async react({ id, reactions = [] }, emoji) {
    const given = reactions.some((reaction) => reaction.own && reaction.emoji === emoji);
    await this.#try(() => this.context.session.commands.react({ conversation: this.conversation, id, emoji: given ? null : emoji }));
  }

  // Internal

  /**
   * @param {Message} message
   * @param {boolean} pinned
   */
  #pin({ id }, pinned) {
    return this.#try(async () => {
      await this.context.session.commands.pin_message({ conversation: this.conversation, id, pinned });
      this.context.announcer.say(text(pinned ? "pinned_now" : "unpinned_now"));
    });
  }

  /** @param {() => Promise<unknown>} work */
  async #try(work) {
    try {
      await work();
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }
}
