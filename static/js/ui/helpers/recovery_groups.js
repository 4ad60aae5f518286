// @ts-check

const GROUP = 4;
/** Letters and digits in a recovery key, and in a link code. */
export const KEY_CHARACTERS = 28;

/**
 * @param {string} key text in seven groups
 * @returns {string[]}
 */
export function split_groups(key) {
  return key.trim().split(/[\s-]+/);
}

/**
 * @param {number} groups how many there are
 * @param {(below: number) => number} random_below a random integer from 0
 * @returns {[number, number]} two different ones, rising
 */
export function pick_two(groups, random_below) {
  const first = random_below(groups);
  const second = (first + 1 + random_below(groups - 1)) % groups;
  return first < second ? [first, second] : [second, first];
}

/**
 * @param {string} typed
 * @returns {number} letters and digits in it: a recovery key has 28
 */
export function count_characters(typed) {
  return letters_in(typed).length;
}

/**
 * Puts what was typed or pasted into groups of four, and keeps the caret behind the same letter.
 * @param {string} typed
 * @param {number} caret
 * @returns {{ value: string, caret: number }}
 */
export function group_typed(typed, caret) {
  const groups = letters_in(typed).toUpperCase().match(/.{1,4}/g) ?? [];
  const before = count_characters(typed.slice(0, caret));
  return { value: groups.join("-"), caret: before + Math.max(0, Math.ceil(before / GROUP) - 1) };
}

/**
 * @param {string} typed
 * @returns {string}
 */
function letters_in(typed) {
  return typed.replace(/[^0-9a-z]/gi, "");
}
