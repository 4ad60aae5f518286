// @ts-check
import { Controller } from "../kit/controller.js";
import { help_key_is_on } from "../kit/help_key.js";
import { is_apple, ShortcutSheet } from "./shortcut_sheet.js";

/** Keys that work anywhere in the main screen: Ctrl or Command and K to find or begin, Esc to step back, ? to see which there are. */
export class Shortcuts extends Controller {
  // Lifecycle

  start() {
    this.listen(document, "keydown", (event) => this.#pressed(event));
    if (is_apple()) this.part("search_key").textContent = "⌘ K";
  }

  // Internal

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal") !== null) return;
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      this.#search();
    } else if (event.key === "Escape") this.#step_back();
    else if (event.key === "?" && !(event.ctrlKey || event.metaKey || event.altKey) && !is_written_in(event.target) && help_key_is_on()) {
      event.preventDefault();
      new ShortcutSheet("shortcuts", this.context).open();
    }
  }

  #search() {
    const { router } = this.context;
    const search = this.part("search", HTMLInputElement);
    if (!search.checkVisibility({ visibilityProperty: true })) router.back_to({ name: "list" });
    search.focus();
    search.select();
  }

  #step_back() {
    const { router } = this.context;
    const { route } = router;
    if (route.name === "settings") router.back_to({ name: "list" });
    if (route.name === "conversation" && route.contact) router.back_to({ ...route, contact: false });
  }
}

/**
 * @param {EventTarget | null} target
 * @returns {boolean} whether keys mean letters there, or choose from a list
 */
function is_written_in(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}
