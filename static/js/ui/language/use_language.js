// @ts-check
// Which language this page speaks: what was chosen in this browser, else the first of the browser's that there is, else English.

import { LANGUAGES, pick_language, pick_locale } from "./languages.js";
import { find_phrases, put_words } from "./markup.js";
import { phrase, speak } from "./spoken.js";

const KEY = "talk2me language";

/** @type {Promise<void> | undefined} */
let ready;

/**
 * Once for each page, before anything is drawn. Without the catalogue the page speaks English.
 * @returns {Promise<void>}
 */
export function use_language() {
  ready ??= start();
  return ready;
}

/** @returns {string} what was chosen in this browser; `""` for as the browser */
export function chosen_language() {
  const kept = read();
  return kept !== null && Object.hasOwn(LANGUAGES, kept) ? kept : "";
}

/** @param {string} language from the next page on; `""` for as the browser */
export function choose_language(language) {
  try {
    if (language === "") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, language);
  } catch {
    // Storage is switched off: then it can't be kept.
  }
}

async function start() {
  const wanted = [chosen_language(), ...navigator.languages].filter((tag) => tag !== "");
  const language = pick_language(wanted);
  const { load } = LANGUAGES[language];
  try {
    if (load) translate_page(language, pick_locale(language, navigator.languages), await load());
    else speak({ language, locale: pick_locale(language, navigator.languages) });
  } catch {
    speak({ language: "en", locale: pick_locale("en", navigator.languages) });
  }
  document.documentElement.dataset.language = "ready";
}

/**
 * @param {string} language
 * @param {string} locale
 * @param {import("./spoken.js").Catalogue} catalogue
 */
function translate_page(language, locale, catalogue) {
  const { direction } = LANGUAGES[language];
  speak({ language, locale, direction, catalogue });
  Object.assign(document.documentElement, { lang: language, dir: direction });
  for (const found of [...find_phrases(document.body)]) {
    const words = phrase(found.text, found.context);
    if (words !== found.text) put_words(found, words);
  }
}

/** @returns {string | null} */
function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
