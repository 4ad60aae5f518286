// @ts-check
import { words_for_error } from "../error_words.js";
import { full_date } from "../helpers/format_time.js";
import { format_last_seen } from "../helpers/format_last_seen.js";
import { Controller } from "../kit/controller.js";
import { latest_only } from "../kit/latest_only.js";
import { reconcile } from "../kit/reconcile.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { AddPasskeyDialog } from "./add_passkey_dialog.js";
import { RemovePasskeyDialog } from "./remove_passkey_dialog.js";

/** @import { Passkey } from "../device_types.js" */

/** The account's passkeys. */
export class PasskeyList extends Controller {
  #refresh = latest_only(() => this.#load(), (error) => (this.part("passkeys_error").textContent = words_for_error(error)));

  // Lifecycle

  start() {
    this.listen(this.part("add_passkey"), "click", () => new AddPasskeyDialog("add-passkey", this.context).open_for(this.#refresh));
    this.follow("profile", this.#refresh);
    this.follow("devices", this.#refresh);
    this.#refresh();
  }

  // Internal

  async #load() {
    const passkeys = await this.commands.list_passkeys();
    if (this.ending.aborted) return;
    this.part("passkeys_error").textContent = "";
    this.part("passkeys_none").hidden = passkeys.length > 0;
    reconcile(this.part("passkeys"), passkeys, {
      key: ({ key }) => key,
      create: () => clone("passkey"),
      update: (element, passkey) => this.#update(element, passkey),
    });
  }

  /**
   * @param {HTMLElement} item
   * @param {Passkey} passkey
   */
  #update(item, passkey) {
    const { name, created, last_used } = passkey;
    const clock = this.context.clock();
    const day = typeof last_used === "number" ? new Date(last_used).toISOString().slice(0, 10) : last_used;
    const used = day === null ? "" : `. ${format_last_seen(day, clock)}`;
    find_part(item, "name", HTMLElement).textContent = name;
    find_part(item, "hint", HTMLElement).textContent = `${text("passkey_added", { date: full_date(created, clock) })}${used}`;
    const remove = find_part(item, "remove", HTMLButtonElement);
    remove.ariaLabel = text("passkey_remove", { name });
    remove.onclick = () => new RemovePasskeyDialog("remove-passkey", this.context).open_for(passkey, this.#refresh);
  }
}
