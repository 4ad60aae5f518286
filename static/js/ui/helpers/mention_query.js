// @ts-check
import { compare_names } from "../language/spoken.js";
import { fold } from "./fold.js";

/** @import { Person } from "../session_types.js" */

const TYPED = /(?<![\p{L}\p{N}])@([^\s@]{0,32})$/u;
const SHOWN = 6;

/**
 * @param {string} text
 * @param {number} caret
 * @returns {{ query: string, start: number } | null} the name that is being typed, and where its @ is
 */
export function mention_at(text, caret) {
  const match = TYPED.exec(text.slice(Math.max(0, caret - 40), caret));
  return match === null ? null : { query: match[1], start: caret - match[1].length - 1 };
}

/**
 * @param {Person[]} members
 * @param {string} query
 * @returns {Person[]} those whose name begins so, then those who have it within, a few
 */
export function matching_members(members, query) {
  const wanted = fold(query);
  const within = members.filter(({ username }) => fold(username).includes(wanted));
  const begins = (/** @type {Person} */ { username }) => Number(!fold(username).startsWith(wanted));
  return within.toSorted((one, other) => begins(one) - begins(other) || compare_names(one.username, other.username)).slice(0, SHOWN);
}

/**
 * @param {string} text
 * @param {Person[]} members
 * @returns {string[]} the accounts of those whose @name is in it
 */
export function mentioned(text, members) {
  const names = new Set([...text.matchAll(/(?<![\p{L}\p{N}])@([^\s@]+)/gu)].flatMap(([, name]) => beginnings(name)));
  return members.filter(({ username }) => names.has(username)).map(({ account }) => account);
}

/**
 * @param {string} name as it was typed, perhaps with punctuation behind it
 * @returns {string[]} what of it may be the name
 */
function beginnings(name) {
  const shorter = name.replace(/[^\p{L}\p{N}]{1,8}$/u, "");
  return shorter === name ? [name] : [name, shorter];
}
