// Reads and writes catalogues, in gettext's format.
import { readFile, writeFile } from "node:fs/promises";
import { po } from "gettext-parser";
import { LANGUAGES as SPOKEN } from "../../static/js/ui/language/languages.js";

/** @import { Entry } from "./read_sources.js" */

export const LANGUAGES = Object.keys(SPOKEN).filter((language) => SPOKEN[language].load);
/** In gettext's order of the forms. */
const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];
/** gettext's rule for the same forms that Intl.PluralRules knows, for other tools: we only use its number of forms. @type {Record<string, string>} */
const RULES = {
  de: "(n != 1)",
  es: "(n == 1 ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2)",
  fr: "(n == 0 || n == 1 ? 0 : n % 1000000 == 0 ? 1 : 2)",
  ar: "(n == 0 ? 0 : n == 1 ? 1 : n == 2 ? 2 : n % 100 >= 3 && n % 100 <= 10 ? 3 : n % 100 >= 11 ? 4 : 5)",
};

/** @param {string} language @returns {string[]} what its forms are for, in the order of msgstr[0], msgstr[1] … */
export function categories_of(language) {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  return CATEGORIES.filter((category) => pluralCategories.includes(/** @type {Intl.LDMLPluralRule} */ (category)));
}

/** @param {string} language @returns {string} */
export const path_of = (language) => `locale/${language}.po`;

/** @param {string} language @returns {Promise<Entry[]>} none where there is no file yet */
export async function read_catalogue(language) {
  try {
    return parse_po(await readFile(path_of(language), "utf8"));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return [];
    throw error;
  }
}

/** @param {string} written @returns {Entry[]} */
export function parse_po(written) {
  const { translations } = po.parse(written);
  const entries = Object.values(translations).flatMap((group) => Object.values(group));
  return entries
    .filter(({ msgid }) => msgid !== "")
    .map(({ msgctxt = "", msgid, msgid_plural, msgstr, comments = {} }) => ({
      msgctxt,
      msgid,
      ...(msgid_plural === undefined ? {} : { msgid_plural }),
      msgstr,
      extracted: comments.extracted ?? "",
      reference: comments.reference ?? "",
      ...(comments.flag ? { flag: comments.flag } : {}),
      ...(comments.previous ? { previous: comments.previous } : {}),
    }));
}

/** @param {string} language @param {Entry[]} entries */
export async function write_catalogue(language, entries) {
  await writeFile(path_of(language), write_po(language, entries));
}

/** @param {Entry[]} entries */
export async function write_template(entries) {
  await writeFile("locale/talk2me.pot", write_template_text(entries));
}

/** @param {Entry[]} entries @returns {string} */
export function write_template_text(entries) {
  return compile_po({}, entries.map((entry) => ({ ...entry, msgstr: entry.msgid_plural === undefined ? [""] : ["", ""] })));
}

/** @param {string} language @param {Entry[]} entries @returns {string} */
export function write_po(language, entries) {
  const forms = categories_of(language).length;
  return compile_po({ Language: language, "Plural-Forms": `nplurals=${forms}; plural=${RULES[language]};` }, entries);
}

/**
 * @param {Record<string, string>} headers
 * @param {Entry[]} entries
 * @returns {string} one line for each text, in the order of the entries
 */
function compile_po(headers, entries) {
  /** @type {Record<string, Record<string, any>>} */
  const translations = {};
  for (const { msgctxt, msgid, msgid_plural, msgstr, extracted, reference, flag, previous } of entries) {
    translations[msgctxt] ??= {};
    translations[msgctxt][msgid] = { ...(msgctxt === "" ? {} : { msgctxt }), msgid, ...(msgid_plural === undefined ? {} : { msgid_plural }), msgstr, comments: { extracted, reference, flag, previous } };
  }
  const all = { "Project-Id-Version": "talk2me", "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit", ...headers };
  return `${po.compile({ charset: "utf-8", headers: all, translations }, { foldLength: 0 }).toString()}\n`;
}
