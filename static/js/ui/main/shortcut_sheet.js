// @ts-check
import { Dialog } from "../kit/dialog.js";
import { help_key_is_on, set_help_key } from "../kit/help_key.js";

/** @returns {boolean} whether its keyboard has Command where others have Ctrl */
export function is_apple() {
  return /mac|iphone|ipad/i.test(navigator.platform);
}

/** What the keyboard can do. */
export class ShortcutSheet extends Dialog {
  #by_key = this.part("by_key", HTMLInputElement);

  // Lifecycle

  open() {
    if (is_apple()) this.part("main_key").textContent = "⌘";
    this.#by_key.checked = help_key_is_on();
    this.listen(this.#by_key, "change", () => set_help_key(this.#by_key.checked));
    super.open();
  }
}
