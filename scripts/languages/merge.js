// Brings a catalogue up to date with the texts, and translations into a catalogue.
import { categories_of, parse_po } from "./files.js";

/** @import { Entry } from "./read_sources.js" */

/**
 * @param {Entry[]} sources
 * @param {Entry[]} catalogue
 * @param {string} language
 * @returns {Entry[]} the sources with what was translated; where the English of a key has changed, the old translation is marked
 */
export function merge(sources, catalogue, language) {
  const by_words = new Map(catalogue.map((entry) => [name_of(entry), entry]));
  const by_key = new Map(catalogue.filter(({ msgctxt }) => msgctxt !== "").map((entry) => [entry.msgctxt, entry]));
  return sources.map((source) => {
    const forms = source.msgid_plural === undefined ? 1 : categories_of(language).length;
    const known = by_words.get(name_of(source));
    const same = known?.msgid_plural === source.msgid_plural ? known : undefined;
    if (same) return { ...source, msgstr: sized(same.msgstr, forms), ...kept_marks(same) };
    const before = known ?? by_key.get(source.msgctxt);
    if (!before || is_empty(before)) return { ...source, msgstr: sized([], forms) };
    return { ...source, msgstr: sized(before.msgstr, forms), flag: "fuzzy", previous: before.msgid };
  });
}

/**
 * @param {Entry[]} catalogue
 * @param {string} written entries in gettext's format, with or without a head
 * @returns {{ entries: Entry[], taken: number, strange: string[] }} `strange`: what is not in the catalogue
 */
export function fill(catalogue, written) {
  const head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n';
  const given = new Map(parse_po(/^msgid ""$/m.test(written) ? written : head + written).map((entry) => [name_of(entry), entry]));
  const names = new Set(catalogue.map(name_of));
  const strange = [...given.keys()].filter((name) => !names.has(name));
  let taken = 0;
  const entries = catalogue.map((entry) => {
    const { msgstr } = given.get(name_of(entry)) ?? {};
    if (!msgstr || msgstr.every((words) => words === "")) return entry;
    taken += 1;
    return { ...entry, msgstr, flag: undefined, previous: undefined };
  });
  return { entries, taken, strange };
}

/** @param {Entry} entry @returns {boolean} */
export function is_missing({ msgstr, flag }) {
  return msgstr.some((words) => words === "") || flag === "fuzzy";
}

/** @param {Pick<Entry, "msgctxt" | "msgid">} entry @returns {string} */
export function name_of({ msgctxt, msgid }) {
  return msgctxt === "" ? JSON.stringify(msgid) : `${msgctxt} ${JSON.stringify(msgid)}`;
}

/** @param {Entry} entry */
function is_empty({ msgstr }) {
  return msgstr.every((words) => words === "");
}

/** @param {string[]} words @param {number} count @returns {string[]} */
function sized(words, count) {
  return Array.from({ length: count }, (_, at) => words[at] ?? "");
}

/** @param {Entry} entry */
function kept_marks({ flag, previous }) {
  return { ...(flag ? { flag } : {}), ...(previous ? { previous } : {}) };
}
