// @ts-check
// Checks on values that were just read: nothing is used before its form is known.

/**
 * Tells whether a value is a plain object with exactly these fields.
 * @param {unknown} value
 * @param {readonly string[]} names
 * @returns {value is Record<string, unknown>}
 */
export function has_exactly(value, names) {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) return false;
  const keys = Object.keys(value);
  return keys.length === names.length && names.every((name) => Object.hasOwn(value, name));
}

/**
 * Tells whether a value is a plain object with all the fields of one list, perhaps some of another, and nothing else.
 * @param {unknown} value
 * @param {readonly string[]} needed
 * @param {readonly string[]} allowed
 * @returns {value is Record<string, unknown>}
 */
export function has_fields(value, needed, allowed) {
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) return false;
  const keys = Object.keys(value);
  return needed.every((name) => Object.hasOwn(value, name)) && keys.every((key) => needed.includes(key) || allowed.includes(key));
}

/**
 * Tells whether a value is an integer from `least` to 2^53 - 1.
 * @param {unknown} value
 * @param {number} [least]
 * @returns {value is number}
 */
export function is_integer(value, least = 0) {
  return Number.isSafeInteger(value) && /** @type {number} */ (value) >= least;
}

/**
 * Tells whether a value is text of `least` to `most` characters (code points).
 * @param {unknown} value
 * @param {number} least
 * @param {number} most
 * @returns {value is string}
 */
export function is_text(value, least, most) {
  if (typeof value !== "string" || value.length > 2 * most) return false;
  const length = [...value].length;
  return length >= least && length <= most;
}

/**
 * Tells whether a value is an array of at most `most` items that all pass a check.
 * @template T
 * @param {unknown} value
 * @param {number} most
 * @param {(item: unknown) => item is T} check
 * @returns {value is T[]}
 */
export function is_list(value, most, check) {
  return Array.isArray(value) && value.length <= most && value.every(check);
}
