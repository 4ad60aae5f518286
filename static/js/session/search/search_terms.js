// @ts-check
// What words a text is found by. Words of scripts that put spaces between them are found by how they begin; of the others, whose
// words nothing marks, every place in a run is a beginning.

/** @typedef {{ term: string, run: boolean }} Term `run`: of a script without spaces, cut after `RUN` characters in the index */
/** @typedef {{ term: string, run: boolean, from: number, to: number }} Word where it stands, in UTF-16 units */

/** As much of a run as the index holds for each place in it. */
export const RUN = 4;
// Longer ones are found by their beginning.
const LONGEST = 40;
const MOST_TERMS = 12;
const ACCENTS = /[\u0300-\u036f]/gu;
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}]+/gu;
const JOINED = /[_.\-/\\]/gu;

/** Alike for what a person would call the same letters: case, width, accents. @param {string} text */
export function fold(text) {
  return text.normalize("NFKD").replace(ACCENTS, "").toLowerCase().normalize("NFC");
}

const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/**
 * @param {string} text
 * @returns {Word[]}
 */
export function words_of(text) {
  /** @type {Word[]} */
  const words = [];
  for (const part of split_runs(text)) {
    if (part.run) words.push({ term: fold(part.text), run: true, from: part.at, to: part.at + part.text.length });
    else {
      for (const { segment, index, isWordLike } of segmenter.segment(part.text)) {
        if (isWordLike) words.push({ term: fold(segment), run: false, from: part.at + index, to: part.at + index + segment.length });
      }
    }
  }
  return words.filter(({ term }) => term !== "");
}

/** What the index holds of a text. @param {string} text @returns {Set<string>} */
export function index_terms(text) {
  /** @type {Set<string>} */
  const terms = new Set();
  for (const { term, run } of words_of(text)) {
    if (!run) terms.add(cut(term, LONGEST));
    else for (const at of [...term].keys()) terms.add([...term].slice(at, at + RUN).join(""));
  }
  return terms;
}

/** What a person looks for: all of it has to be there. @param {string} text @returns {Term[]} */
export function wanted_terms(text) {
  return words_of(text)
    .slice(0, MOST_TERMS)
    .map(({ term, run }) => ({ term, run }));
}

/** By what a term is looked up. @param {Term} term */
export function prefix_of({ term, run }) {
  return run ? cut(term, RUN) : cut(term, LONGEST);
}

/**
 * Whether a text has all that is wanted, and where.
 * @param {string} text
 * @param {Term[]} wanted
 * @returns {[number, number][] | null} ranges in rising order, null when something is not there
 */
export function find_in(text, wanted) {
  const words = words_of(text);
  /** @type {[number, number][]} */
  const ranges = [];
  for (const { term } of wanted) {
    const found = words.flatMap((word) => places_in(text, word, term));
    if (found.length === 0) return null;
    ranges.push(...found);
  }
  return merge(ranges);
}

/** The name of a file, with what joins its words taken apart, of the same length. @param {string} name */
export const words_of_name = (name) => name.replace(JOINED, " ");

/** @param {string} text @param {Word} word @param {string} term @returns {[number, number][]} */
function places_in(text, { term: word, run, from, to }, term) {
  if (!run) return word.startsWith(term) ? [[from, to]] : [];
  const at = word.indexOf(term);
  if (at < 0) return [];
  // Folding may have changed lengths: then the whole run is the place.
  const same = fold(text.slice(from + at, from + at + term.length)) === term;
  return same ? [[from + at, from + at + term.length]] : [[from, to]];
}

/** @param {string} text */
function split_runs(text) {
  /** @type {{ text: string, at: number, run: boolean }[]} */
  const parts = [];
  let at = 0;
  for (const { 0: run, index } of text.matchAll(WITHOUT_SPACES)) {
    if (index > at) parts.push({ text: text.slice(at, index), at, run: false });
    parts.push({ text: run, at: index, run: true });
    at = index + run.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), at, run: false });
  return parts;
}

/** @param {string} term @param {number} most */
const cut = (term, most) => (term.length <= most ? term : [...term].slice(0, most).join(""));

/** @param {[number, number][]} ranges @returns {[number, number][]} */
function merge(ranges) {
  /** @type {[number, number][]} */
  const merged = [];
  for (const [from, to] of ranges.sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
