// @ts-check
import { counted } from "../helpers/plural.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { Conversation, Person } from "../session_types.js" */

/** Who is typing now. It comes and goes too often to be read out. */
export class TypingLine extends Controller {
  /** @type {Map<string, number>} until when, by account */
  #typing = new Map();
  /** @type {Map<string, string>} names by account */
  #names = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  // Lifecycle

  /** @param {Conversation} conversation */
  start({ id, peer, kind }) {
    if (kind === "direct") this.know([peer]);
    this.follow("typing", ({ conversation, account, until }) => conversation === id && this.#started(account, until, kind === "group" ? id : undefined));
    // Whoever has sent it types no more.
    this.follow("messages", ({ conversation }) => conversation === id && this.#arrived(id));
    this.at_end(() => clearTimeout(this.#timer));
  }

  // Actions

  /** @param {Person[]} people */
  know(people) {
    for (const { account, username } of people) this.#names.set(account, username);
  }

  /**
   * @param {string} account
   * @param {number} until
   * @param {string | undefined} group
   */
  async #started(account, until, group) {
    this.#typing.set(account, until);
    try {
      if (group !== undefined && !this.#names.has(account)) this.know((await this.queries.group({ id: group }))?.members ?? []);
    } catch {
      // Without the names nothing is said.
    }
    if (!this.ending.aborted) this.#render();
  }

  /** @param {string} conversation */
  async #arrived(conversation) {
    if (this.#typing.size === 0) return;
    const [newest] = await this.queries.messages({ conversation, limit: 1 }).catch(() => []);
    if (newest === undefined || !this.#typing.delete(newest.author.account) || this.ending.aborted) return;
    this.#render();
  }

  // Internal

  #render() {
    const { now } = this.context.clock();
    for (const [account, until] of this.#typing) if (until <= now) this.#typing.delete(account);
    const names = [...this.#typing.keys()].flatMap((account) => this.#names.get(account) ?? []);
    this.part("typing").hidden = names.length === 0;
    this.part("typing_text").textContent = words_for(names);
    clearTimeout(this.#timer);
    if (this.#typing.size > 0) this.#timer = setTimeout(() => this.#render(), Math.max(250, Math.min(...this.#typing.values()) - now));
  }
}

/**
 * @param {string[]} names
 * @returns {string}
 */
function words_for(names) {
  if (names.length === 0) return "";
  if (names.length > 2) return counted("typing_more", names.length - 1, { name: names[0] });
  return names.length === 1 ? text("typing_one", { name: names[0] }) : text("typing_two", { name: names[0], other: names[1] });
}
