// @ts-check
/** @typedef {{ emoji: string, name: string, tags: string }} Emoji `tags`: further words for it, with spaces between */
/** @typedef {{ name: string, emoji: Emoji[] }} EmojiGroup */

const MOST = 64;

/** The ones that most people need most of the time. */
export const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/**
 * @param {EmojiGroup[]} groups
 * @param {string} query words, or beginnings of words
 * @returns {Emoji[]} the best first
 */
export function find_emoji(groups, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const all = groups.flatMap(({ emoji }) => emoji);
  const scored = all.map((emoji) => ({ emoji, score: score_of(emoji, words) })).filter(({ score }) => score > 0);
  return scored.toSorted((one, other) => other.score - one.score).slice(0, MOST).map(({ emoji }) => emoji);
}

/**
 * @param {Emoji} emoji
 * @param {string[]} words
 * @returns {number} 0 when one of the words is nowhere in it
 */
function score_of({ name, tags }, words) {
  let score = 0;
  for (const word of words) {
    const found = name === word ? 8 : name.startsWith(word) ? 4 : has_beginning(name, word) ? 3 : has_beginning(tags, word) ? 2 : 0;
    if (found === 0) return 0;
    score += found;
  }
  return score;
}

/**
 * @param {string} text
 * @param {string} word
 * @returns {boolean} whether a word of the text begins so
 */
function has_beginning(text, word) {
  return ` ${text}`.includes(` ${word}`);
}
