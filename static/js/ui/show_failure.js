// @ts-check
import { words_for_error } from "./error_words.js";
import { clone, find_part } from "./kit/template.js";

/**
 * Says why nothing could be opened, in place of everything else.
 * @param {unknown} error
 */
export function show_failure(error) {
  const element = clone("failure");
  find_part(element, "reason", HTMLElement).textContent = words_for_error(error);
  find_part(element, "reload", HTMLElement).addEventListener("click", () => location.reload());
  document.getElementById("app")?.replaceChildren(element);
  document.documentElement.dataset.screen = "failure";
}
