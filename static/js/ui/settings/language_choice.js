// @ts-check
import { LANGUAGES } from "../language/languages.js";
import { choose_language, chosen_language } from "../language/use_language.js";
import { Controller } from "../kit/controller.js";

/** The languages, each by its own name. Another one is spoken once the page has loaded anew. */
export class LanguageChoice extends Controller {
  // Lifecycle

  start() {
    const select = this.part("language", HTMLSelectElement);
    const as_browser = select.options.length > 0;
    for (const [language, { name }] of Object.entries(LANGUAGES)) select.append(option(language, name));
    select.value = as_browser ? chosen_language() : document.documentElement.lang;
    this.listen(select, "change", () => {
      choose_language(select.value);
      location.reload();
    });
  }
}

/**
 * @param {string} language
 * @param {string} name
 * @returns {HTMLOptionElement}
 */
function option(language, name) {
  const element = new Option(name, language);
  element.lang = language;
  return element;
}
