// @ts-check
// The languages that there are. Each is complete: tests/js/ui/languages.test.js. A catalogue is fetched when its language is spoken.

/** @import { Catalogue } from "./spoken.js" */

/** @import { EmojiEntry } from "../../codec/load_emoji.js" */

/**
 * @typedef {object} Language
 * @property {string} name in itself
 * @property {"ltr" | "rtl"} direction
 * @property {() => Promise<Catalogue>} [load]
 * @property {() => Promise<{ EMOJI: [string, EmojiEntry[]][] }>} [emoji] their names
 */

/** @type {Record<string, Language>} by BCP 47 tag */
export const LANGUAGES = {
  en: { name: "English", direction: "ltr" },
  de: { name: "Deutsch", direction: "ltr", load: () => import("../../../vendor/languages/de.js"), emoji: () => import("../../../vendor/languages/emoji_de.js") },
  es: { name: "Español", direction: "ltr", load: () => import("../../../vendor/languages/es.js"), emoji: () => import("../../../vendor/languages/emoji_es.js") },
  fr: { name: "Français", direction: "ltr", load: () => import("../../../vendor/languages/fr.js"), emoji: () => import("../../../vendor/languages/emoji_fr.js") },
  ar: { name: "العربية", direction: "rtl", load: () => import("../../../vendor/languages/ar.js") },
};

/**
 * @param {readonly string[]} wanted language tags, the dearest first
 * @returns {string} the first that there is; English else
 */
export function pick_language(wanted) {
  return wanted.map(primary).find((language) => Object.hasOwn(LANGUAGES, language)) ?? "en";
}

/**
 * The language in the manner of the person's region. Digits are 0 to 9 everywhere, as in the codes that people compare.
 * @param {string} language
 * @param {readonly string[]} wanted as `navigator.languages`
 * @returns {string}
 */
export function pick_locale(language, wanted) {
  const tag = wanted.find((one) => primary(one) === language) ?? (language === "en" ? "en-GB" : language);
  const { numberingSystem } = new Intl.NumberFormat(tag).resolvedOptions();
  return numberingSystem === "latn" ? tag : new Intl.Locale(tag, { numberingSystem: "latn" }).toString();
}

/** @param {string} tag @returns {string} `de` of `de-AT` */
function primary(tag) {
  return tag.split("-")[0].toLowerCase();
}
