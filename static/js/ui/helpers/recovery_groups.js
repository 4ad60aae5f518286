// @ts-check

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
  return typed.replace(/[^0-9a-z]/gi, "").length;
}
