// @ts-check
// The language that is spoken on this page, and what it writes: words, forms of counted texts, numbers, lists.
// English needs no catalogue: its words are in the code and in the page.

/** @typedef {{ texts: Record<string, string | Record<string, string>>, phrases: Record<string, string> }} Catalogue made by scripts/languages/ */
/** @typedef {{ language: string, locale: string, direction?: "ltr" | "rtl", catalogue?: Catalogue }} Spoken */

/** @type {Catalogue} */
const NOTHING = { texts: {}, phrases: {} };

/** Scripts that run from right to left. */
const LEFTWARDS = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** @type {Required<Spoken>} */
let spoken = { language: "en", locale: "en-GB", direction: "ltr", catalogue: NOTHING };
/** @type {Map<string, any>} making a formatter costs more than a thousand uses of it */
const made = new Map();

/** @param {Spoken} wanted */
export function speak({ language, locale, direction = "ltr", catalogue = NOTHING }) {
  spoken = { language, locale, direction, catalogue };
  made.clear();
}

/** @returns {string} how dates and numbers are written: the language as it is spoken where the person is */
export function spoken_locale() {
  return spoken.locale;
}

/**
 * @param {string} key of TEXTS
 * @returns {string | undefined} the text in the spoken language, where the catalogue has one
 */
export function spoken_text(key) {
  const found = Object.hasOwn(spoken.catalogue.texts, key) ? spoken.catalogue.texts[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

/**
 * @param {string} key of a counted text, without its ending
 * @param {number} count
 * @returns {string | undefined} the form for that number, where the catalogue has one
 */
export function spoken_form(key, count) {
  const forms = Object.hasOwn(spoken.catalogue.texts, key) ? spoken.catalogue.texts[key] : undefined;
  return typeof forms === "object" ? (forms[plural_category(count, spoken.language)] ?? forms.other) : undefined;
}

/**
 * @param {string} english words of the page, or of a table without keys
 * @param {string} [context]
 * @returns {string} the same in the spoken language, else in English
 */
export function phrase(english, context = "") {
  const key = phrase_key(english, context);
  return (Object.hasOwn(spoken.catalogue.phrases, key) && spoken.catalogue.phrases[key]) || english;
}

/** @param {string} english @param {string} context @returns {string} as gettext writes it */
export function phrase_key(english, context) {
  return context === "" ? english : `${context}\u0004${english}`;
}

/** @param {number} count @param {string} language @returns {string} `one`, `few`, `other` … */
export function plural_category(count, language) {
  return keep(`plural ${language}`, () => new Intl.PluralRules(language)).select(count);
}

/** @param {number} number @param {Intl.NumberFormatOptions} [options] @returns {string} `9,120` */
export function format_number(number, options = {}) {
  return keep(`number ${JSON.stringify(options)}`, () => new Intl.NumberFormat(spoken.locale, options)).format(number);
}

/** @param {string[]} names @returns {string} `Ana, Ben, and Carla` */
export function list_names(names) {
  return keep("list", () => new Intl.ListFormat(spoken.language, { type: "conjunction" })).format(names.map(isolate));
}

/**
 * @param {string} value that somebody wrote, and that is put into a text
 * @returns {string} the same, so marked that it keeps its own direction and the text around it keeps that of the language
 */
export function isolate(value) {
  const [letter] = /\p{L}/u.exec(value) ?? [];
  if (letter === undefined) return value;
  return (LEFTWARDS.test(letter) ? "rtl" : "ltr") === spoken.direction ? value : `\u2068${value}\u2069`;
}

/** @param {string} one @param {string} other @returns {number} how they stand in the language's alphabet */
export function compare_names(one, other) {
  return keep("order", () => new Intl.Collator(spoken.language)).compare(one, other);
}

/**
 * @template T
 * @param {string} key
 * @param {() => T} make
 * @returns {T}
 */
function keep(key, make) {
  if (!made.has(key)) made.set(key, make());
  return made.get(key);
}
