// @ts-check
import { Controller } from "../kit/controller.js";

/** @import { Draft } from "../message_types.js" */

const PAUSE_MS = 500;
/** @type {Draft} */
const NOTHING = { text: "" };

/** Keeps what is typed and not sent, sealed like everything else, until it is sent. */
export class DraftKeeper extends Controller {
  #id = "";
  /** as JSON; undefined while it is not known what was typed before */
  #kept = /** @type {string | undefined} */ (undefined);
  /** @type {() => Draft} */
  #read = () => NOTHING;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  // Lifecycle

  /**
   * @param {string} conversation
   * @param {() => Draft} read what is typed now
   * @returns {Promise<Draft | null>} what was typed before
   */
  async start(conversation, read) {
    this.#id = conversation;
    this.#read = read;
    const draft = await this.queries.draft({ conversation });
    this.#kept ??= JSON.stringify(draft ?? NOTHING);
    this.listen(document, /** @type {"change"} */ ("visibilitychange"), () => document.visibilityState === "hidden" && this.keep_now());
    return draft;
  }

  end() {
    this.keep_now();
    super.end();
  }

  // Actions

  /** Keeps it when nothing more is typed for a moment. */
  keep() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep_now(), PAUSE_MS);
  }

  keep_now() {
    clearTimeout(this.#timer);
    const draft = this.#read();
    const words = JSON.stringify(draft);
    // Whoever has not yet typed anything here leaves what they typed before.
    if (this.#id === "" || words === (this.#kept ?? JSON.stringify(NOTHING))) return;
    this.#kept = words;
    // It stands in the field: whoever could not keep it tries again with the next letter.
    this.commands.save_draft({ conversation: this.#id, ...draft }).catch(() => (this.#kept = "not kept"));
  }
}
