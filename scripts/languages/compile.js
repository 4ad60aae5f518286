// Makes of each catalogue the module that browsers load: what is missing or wrong in it is left out, and stays English.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { LANGUAGES as SPOKEN } from "../../static/js/ui/language/languages.js";
import { phrase_key } from "../../static/js/ui/language/spoken.js";
import { write_emoji } from "../vendor_emoji.js";
import { find_faults } from "./check.js";
import { LANGUAGES, categories_of, read_catalogue } from "./files.js";

/** @import { Entry } from "./read_sources.js" */
/** @typedef {{ texts: Record<string, string | Record<string, string>>, phrases: Record<string, string> }} Tables */

const FOLDER = "static/vendor/languages";
const KINDS = 'export const texts: Record<string, string | Record<string, string>>;\nexport const phrases: Record<string, string>;\n';

/** What a service worker says: it may load nothing later. */
const NOTICES = ["app", "news_messages", "news_something", "notes_title", "group_untitled"];

export async function compile_all() {
  /** @type {Record<string, Tables["texts"]>} */
  const notices = {};
  for (const language of LANGUAGES) {
    const entries = await read_catalogue(language);
    const faulty = new Set(find_faults(entries, language).map(({ entry }) => entry));
    const tables = tables_of(entries.filter((entry) => !faulty.has(entry)), language);
    notices[language] = Object.fromEntries(Object.entries(tables.texts).filter(([key]) => NOTICES.includes(key)));
    await write_module(language, tables);
    if (SPOKEN[language].emoji) await write_emoji(`${FOLDER}/emoji_${language}.js`, JSON.parse(await readFile(emoji_of(language), "utf8")));
  }
  await write_module("notices", { NOTICES: notices }, "export const NOTICES: Record<string, Record<string, string | Record<string, string>>>;\n");
}

/**
 * @param {Entry[]} entries
 * @param {string} language
 * @returns {Tables} a text by its key or, without one, by its English
 */
export function tables_of(entries, language) {
  /** @type {Tables} */
  const { texts, phrases } = { texts: {}, phrases: {} };
  for (const { msgctxt, msgid, msgid_plural, msgstr, reference } of entries) {
    if (reference.startsWith("templates/") || msgctxt === "") phrases[phrase_key(msgid, msgctxt)] = msgstr[0];
    else texts[msgctxt] = msgid_plural === undefined ? msgstr[0] : Object.fromEntries(categories_of(language).map((category, at) => [category, msgstr[at]]));
  }
  return { texts, phrases };
}

/** @param {string} language @returns {string} names of Unicode's CLDR */
function emoji_of(language) {
  return `node_modules/emoji-picker-element-data/${language}/cldr/data.json`;
}

/** @param {string} name @param {object} tables by the name they are exported as @param {string} [kinds] */
export async function write_module(name, tables, kinds = KINDS) {
  const written = Object.entries(tables).map(([table, held]) => `export const ${table} = ${JSON.stringify(held, null, 1)};\n`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${FOLDER}/${name}.js`, `// Made by scripts/languages.js of locale/.\n${written.join("")}`);
  await writeFile(`${FOLDER}/${name}.d.ts`, kinds);
}
