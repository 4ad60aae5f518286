// @ts-check
import { words_for_error } from "../error_words.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";

/** @import { Person } from "../session_types.js" */

/** Whom this account hears nothing of, in the settings. */
export class BlockedList extends Controller {
  // Lifecycle

  start() {
    const refresh = latest_only(() => this.#refresh(), (error) => this.context.toasts.warn_about(error));
    this.follow("contacts", refresh);
    refresh();
  }

  // Internal

  async #refresh() {
    const blocked = await this.queries.blocked();
    if (this.ending.aborted) return;
    this.part("blocked_list").replaceChildren(...blocked.map((person) => this.#row(person)));
    this.part("blocked_none").hidden = blocked.length > 0;
  }

  /** @param {Person} person */
  #row({ account, username }) {
    const row = clone("blocked-person");
    const name = username || text("unknown_person");
    const button = find_part(row, "unblock", HTMLElement);
    find_part(row, "name", HTMLElement).textContent = name;
    button.ariaLabel = text("unblock_person", { name });
    this.listen(button, "click", async () => {
      try {
        await while_busy(button, () => this.commands.unblock({ account }));
        this.context.toasts.say(text("unblocked", { name }));
      } catch (error) {
        this.context.toasts.warn(words_for_error(error));
      }
    });
    return row;
  }
}
