// @ts-check
// Of a long message the part that was looked for.

/** @typedef {{ text: string, found: boolean }} Piece */

const BEFORE = 28;
const LENGTH = 160;

/**
 * @param {string} words
 * @param {[number, number][]} ranges of what was found, in rising order
 * @returns {Piece[]} on one line, with what was found apart
 */
export function snippet(words, ranges) {
  const first = ranges[0]?.[0] ?? 0;
  const from = first > LENGTH / 2 ? word_start(words, first - BEFORE) : 0;
  const to = Math.min(words.length, from + LENGTH);
  /** @type {Piece[]} */
  const pieces = from > 0 ? [{ text: "… ", found: false }] : [];
  let at = from;
  for (const [begin, end] of ranges) {
    if (begin >= to) break;
    if (begin > at) pieces.push({ text: flat(words.slice(at, begin)), found: false });
    pieces.push({ text: flat(words.slice(Math.max(begin, at), Math.min(end, to))), found: true });
    at = Math.max(at, end);
  }
  if (at < to) pieces.push({ text: flat(words.slice(at, to)), found: false });
  if (to < words.length) pieces.push({ text: " …", found: false });
  return pieces.filter((piece) => piece.text !== "");
}

/** @param {string} words @param {number} at @returns {number} a place from which no letter is cut in two */
function word_start(words, at) {
  const space = words.indexOf(" ", at);
  return space >= 0 && space - at < BEFORE ? space + 1 : at - (is_low_half(words.charCodeAt(at)) ? 1 : 0);
}

/** @param {number} unit */
const is_low_half = (unit) => unit >= 0xdc00 && unit <= 0xdfff;

/** @param {string} words */
const flat = (words) => words.replace(/\s+/gu, " ");
