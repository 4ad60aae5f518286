// What is missing in a catalogue or can't be right.
import { tags_of } from "../../static/js/ui/language/markup.js";
import { categories_of } from "./files.js";
import { is_missing } from "./merge.js";

/** @import { Entry } from "./read_sources.js" */
/** @typedef {{ kind: "missing" | "wrong", entry: Entry, words: string }} Fault */

/** A form for one, or for none, may say it in words. */
const MAY_LACK_COUNT = new Set(["zero", "one", "two"]);

/** @param {Entry[]} entries @param {string} language @returns {Fault[]} */
export function find_faults(entries, language) {
  return entries.flatMap((entry) => faults_of(entry, language));
}

/** @param {Entry} entry @param {string} language @returns {Fault[]} */
function faults_of(entry, language) {
  if (is_missing(entry)) return [{ kind: "missing", entry, words: "missing" }];
  const categories = entry.msgid_plural === undefined ? ["other"] : categories_of(language);
  if (entry.msgstr.length !== categories.length) return [{ kind: "wrong", entry, words: `needs ${categories.length} forms: ${categories.join(", ")}` }];
  return entry.msgstr.flatMap((words, at) => wrong_in(words, entry.msgid_plural ?? entry.msgid, entry.msgid_plural !== undefined && MAY_LACK_COUNT.has(categories[at])))
    .map((words) => ({ kind: "wrong", entry, words }));
}

/** @param {string} words @param {string} english @param {boolean} without_count may be @returns {string[]} */
function wrong_in(words, english, without_count) {
  const places = (/** @type {string} */ said) => String(places_of(said).filter((place) => !(without_count && place === "{count}")));
  const faults = {
    "the places in braces are not those of the English": places(words) !== places(english),
    "the numbered tags are not those of the English": String(tags_of(words)) !== String(tags_of(english)),
    "the numbered tags are not closed in order": !is_nested(words),
    "the spaces or lines at the beginning or the end are not those of the English": edges_of(words) !== edges_of(english),
    "markup that is not a numbered tag": /<(?!\/?\d+\/?>)/.test(words),
  };
  return Object.entries(faults).flatMap(([fault, found]) => (found ? [fault] : []));
}

/** @param {string} words @returns {string[]} each once */
function places_of(words) {
  return [...new Set(words.match(/\{\w+\}/g))].sort();
}

/** @param {string} words @returns {string} */
function edges_of(words) {
  return JSON.stringify([/^\s*/.exec(words)?.[0], /\s*$/.exec(words)?.[0]]);
}

/** @param {string} words @returns {boolean} */
function is_nested(words) {
  const open = [];
  for (const [, end, number, alone] of words.matchAll(/<(\/?)(\d+)(\/?)>/g)) {
    if (alone) continue;
    if (!end) open.push(number);
    else if (open.pop() !== number) return false;
  }
  return open.length === 0;
}
