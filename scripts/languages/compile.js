// Makes of each catalogue the module that browsers load: what is missing or wrong in it is left out, and stays English.
import { mkdir, writeFile } from "node:fs/promises";
import { phrase_key } from "../../static/js/ui/language/spoken.js";
import { find_faults } from "./check.js";
import { LANGUAGES, categories_of, read_catalogue } from "./files.js";
import { read_sources } from "./read_sources.js";

/** @import { Entry } from "./read_sources.js" */

const FOLDER = "static/vendor/languages";
const KINDS = 'export const texts: Record<string, string | Record<string, string>>;\nexport const phrases: Record<string, string>;\n';

export async function compile_all() {
  for (const language of LANGUAGES) {
    const entries = await read_catalogue(language);
    const faulty = new Set(find_faults(entries, language).map(({ entry }) => entry));
    await write_module(language, module_of(entries.filter((entry) => !faulty.has(entry)), language));
  }
}

/** @param {string} language whose module gets the English in other letters, to see what is not translated and where there is no room */
export async function compile_pseudo(language) {
  const letters = new Intl.Locale(language).language === "ar" ? "ابتثجحخدذرزسشصضطظعغفقكلمنه" : "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑ";
  const mark = (/** @type {string} */ words) =>
    words.replace(/<[^>]*>|\{\w+\}|[a-z]/gi, (found) => (found.length > 1 ? found : [...letters][found.toLowerCase().charCodeAt(0) - "a".charCodeAt(0)]));
  const entries = (await read_sources()).map((entry) => ({ ...entry, msgstr: entry.msgid_plural === undefined ? [mark(entry.msgid)] : categories_of(language).map(() => mark(entry.msgid_plural ?? "")) }));
  await write_module(language, module_of(entries, language));
}

/**
 * @param {Entry[]} entries
 * @param {string} language
 * @returns {string} a text by its key or, without one, by its English
 */
export function module_of(entries, language) {
  /** @type {Record<string, string | Record<string, string>>} */
  const texts = {};
  /** @type {Record<string, string>} */
  const phrases = {};
  for (const { msgctxt, msgid, msgid_plural, msgstr, reference } of entries) {
    if (reference.startsWith("templates/") || msgctxt === "") phrases[phrase_key(msgid, msgctxt)] = msgstr[0];
    else texts[msgctxt] = msgid_plural === undefined ? msgstr[0] : Object.fromEntries(categories_of(language).map((category, at) => [category, msgstr[at]]));
  }
  const written = [["texts", texts], ["phrases", phrases]].map(([name, table]) => `export const ${name} = ${JSON.stringify(table, null, 1)};\n`);
  return `// Made by scripts/languages.js of locale/${language}.po.\n${written.join("")}`;
}

/** @param {string} language @param {string} code */
async function write_module(language, code) {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${FOLDER}/${language}.js`, code);
  await writeFile(`${FOLDER}/${language}.d.ts`, KINDS);
}
