// @ts-check
import { words_of_name } from "./search_terms.js";

/** @import { Message } from "../records.js" */

/** What a message is found by, or null. @param {Message} message @returns {string | null} */
export function searchable_text({ type, text = "", files = [], deleted }) {
  if (type !== "text" || deleted) return null;
  return [text, ...files.map(({ name }) => words_of_name(name))].join("\n");
}
