// @ts-check
// The rules for a name that can be told while it is typed. The server has the last word (username_invalid, username_taken).

/** @typedef {"name_missing" | "name_too_short" | "name_too_long" | "name_characters"} NameProblem */

/**
 * @param {string} name
 * @returns {{ length: boolean, characters: boolean }} which rules hold
 */
export function name_rules(name) {
  const { length } = [...name];
  return { length: length >= 2 && length <= 32, characters: /^[\p{L}\p{N}][^\s@\p{C}]*$/u.test(name) };
}

/**
 * @param {string} name
 * @returns {NameProblem | null} the first thing that is wrong: the key of its text
 */
export function name_problem(name) {
  if (name === "") return "name_missing";
  const rules = name_rules(name);
  if (!rules.characters) return "name_characters";
  if (rules.length) return null;
  return [...name].length < 2 ? "name_too_short" : "name_too_long";
}

/**
 * @param {string} typed
 * @returns {string} without what people add out of habit
 */
export function tidy_name(typed) {
  return typed.trim().replace(/^@/, "");
}
