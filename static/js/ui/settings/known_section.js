// @ts-check
import { words_for_error } from "../error_words.js";
import { time_of_day } from "../helpers/format_time.js";
import { known_groups } from "../helpers/known_rows.js";
import { while_busy } from "../kit/busy.js";
import { Controller } from "../kit/controller.js";
import { save_file } from "../kit/files.js";
import { clone, find_part } from "../kit/template.js";
import { text } from "../texts.js";
import { DeleteAccountDialog } from "./delete_account_dialog.js";
import { DeleteKeptDialog } from "./delete_kept_dialog.js";

/** @import { KnownGroup, KnownRow } from "../known_types.js" */

/** What the server has of this account, counted by itself just now. */
export class KnownSection extends Controller {
  // Lifecycle

  start() {
    this.listen(this.part("known_reload"), "click", () => while_busy(this.part("known_reload"), () => this.#refresh()));
    this.listen(this.part("known_save"), "click", () => while_busy(this.part("known_save"), () => this.#save()));
    this.listen(this.part("delete_account"), "click", () => new DeleteAccountDialog("delete-account", this.context).open());
    void this.#refresh();
  }

  // Actions

  /** What was open stays open. */
  async #refresh() {
    this.part("known_error").textContent = "";
    try {
      const known = await this.commands.known_of_account();
      if (this.ending.aborted) return;
      const clock = this.context.clock();
      const device = this.context.session.profile()?.device ?? "";
      const open = new Set([...this.element.querySelectorAll("details")].filter((details) => details.open).map(({ dataset }) => dataset.of ?? ""));
      /** @type {Drawn} */
      const drawn = { open, delete_kept: (ids) => new DeleteKeptDialog("delete-kept", this.context).open_for(ids, () => this.#kept_deleted()) };
      this.part("known_groups").replaceChildren(...known_groups(known, { clock, device }).map((group) => draw_group(group, drawn)));
      this.part("known_time").textContent = text("known_counted", { time: time_of_day(clock.now, clock) });
    } catch (error) {
      if (!this.ending.aborted) this.part("known_error").textContent = words_for_error(error);
    }
  }

  /** The row with the button may be gone. */
  async #kept_deleted() {
    await this.#refresh();
    const place = this.element.querySelector("[data-of=kept] > summary") ?? this.element.querySelector("[data-section]");
    if (place instanceof HTMLElement && document.activeElement === document.body) place.focus();
  }

  /** As it came: nothing is left out, and nothing put into nicer words. */
  async #save() {
    try {
      const known = await this.commands.known_of_account();
      const file = new Blob([JSON.stringify(known, null, 2)], { type: "application/json" });
      const day = new Date(this.context.clock().now).toISOString().slice(0, 10);
      save_file(file, `talk2me-server-knows-${known.account.username}-${day}.json`);
      this.context.toasts.say(text("known_saved"));
    } catch (error) {
      this.context.toasts.warn_about(error);
    }
  }
}

/** @typedef {{ open: Set<string>, delete_kept: (ids: string[]) => void }} Drawn `open`: which rows are */

/** @param {KnownGroup} group @param {Drawn} drawn */
function draw_group({ title, hint = "", rows }, drawn) {
  const element = clone("known-group");
  find_part(element, "title", HTMLElement).textContent = title;
  const shown_hint = find_part(element, "hint", HTMLElement);
  shown_hint.textContent = hint;
  shown_hint.hidden = hint === "";
  find_part(element, "rows", HTMLElement).replaceChildren(...rows.map((row) => draw_row(row, drawn)));
  return element;
}

/** @param {KnownRow} row @param {Drawn} drawn */
function draw_row({ name, hint = "", size = "", rows, part = "", kept }, drawn) {
  const element = clone(rows ? "known-rows" : "known-row");
  find_part(element, "name", HTMLElement).textContent = name;
  find_part(element, "hint", HTMLElement).textContent = hint;
  find_part(element, "size", HTMLElement).textContent = size;
  if (rows) {
    const details = find_part(element, "details", HTMLDetailsElement);
    details.dataset.of = part;
    details.open = drawn.open.has(part);
    find_part(element, "rows", HTMLElement).replaceChildren(...rows.map((row) => draw_row(row, drawn)));
  }
  if (kept) {
    const button = clone("known-delete");
    button.ariaLabel = text("known_kept_delete", { name });
    button.addEventListener("click", () => drawn.delete_kept(kept));
    element.append(button);
  }
  return element;
}
