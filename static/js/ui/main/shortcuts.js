// @ts-check
import { Controller } from "../kit/controller.js";

/** Keys that work anywhere in the main screen: Ctrl or Command and K to find or begin, Esc to step back. */
export class Shortcuts extends Controller {
  // Lifecycle

  start() {
    this.listen(document, "keydown", (event) => this.#pressed(event));
    if (/mac|iphone|ipad/i.test(navigator.platform)) this.part("search_key").textContent = "⌘ K";
  }

  // Internal

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal") !== null) return;
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      this.#search();
    } else if (event.key === "Escape") this.#step_back();
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
