// @ts-check
import { words_for_error } from "../error_words.js";
import { Controller } from "../kit/controller.js";
import { text } from "../texts.js";

/** @import { Group } from "../group_types.js" */

const WHO = /** @type {const} */ (["who_adds", "who_edits", "who_writes"]);

/** Who may do what in a group. */
export class GroupSettings extends Controller {
  #id = "";
  /** @type {Group | undefined} */
  #group;

  // Lifecycle

  /** @param {string} id */
  start(id) {
    this.#id = id;
    for (const name of WHO) this.listen(this.#select(name), "change", () => this.#changed(name));
  }

  // Actions

  /**
   * @param {Group} group
   * @param {boolean} may change them
   */
  show(group, may) {
    this.#group = group;
    for (const name of WHO) Object.assign(this.#select(name), { disabled: !may, value: group[name] });
    this.part("settings_hint").hidden = may;
  }

  /** @param {typeof WHO[number]} name */
  async #changed(name) {
    try {
      await this.commands.change_group({ conversation: this.#id, [name]: this.#select(name).value });
    } catch (error) {
      if (this.#group !== undefined) this.show(this.#group, true);
      this.context.toasts.warn(text("setting_failed", { reason: words_for_error(error) }));
    }
  }

  // Internal

  /** @param {typeof WHO[number]} name */
  #select(name) {
    return this.part(name, HTMLSelectElement);
  }
}
