// English in other letters in a language's place: what stays as it was is not translated.
import { tables_of, write_module } from "./compile.js";
import { categories_of } from "./files.js";
import { read_sources } from "./read_sources.js";

/** @param {string} language whose module gets the English in other letters, to see what is not translated and where there is no room */
export async function compile_pseudo(language) {
  const letters = new Intl.Locale(language).language === "ar" ? "ابتثجحخدذرزسشصضطظعغفقكلمنه" : "ȧƀƈḓḗƒɠħīĵķŀḿƞǿƥɋřşŧŭṽẇẋẏẑ";
  const mark = (/** @type {string} */ words) =>
    words.replace(/<[^>]*>|\{\w+\}|[a-z]/gi, (found) => (found.length > 1 ? found : [...letters][found.toLowerCase().charCodeAt(0) - "a".charCodeAt(0)]));
  const entries = (await read_sources()).map((entry) => ({ ...entry, msgstr: entry.msgid_plural === undefined ? [mark(entry.msgid)] : categories_of(language).map(() => mark(entry.msgid_plural ?? "")) }));
  await write_module(language, tables_of(entries, language));
}
