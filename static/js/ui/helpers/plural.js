// @ts-check
import { text } from "../texts.js";

const RULES = new Intl.PluralRules("en");

/**
 * @param {string} key whose forms are `<key>_one` and `<key>_other`
 * @param {number} count
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function counted(key, count, values = {}) {
  return text(`${key}_${RULES.select(count) === "one" ? "one" : "other"}`, { ...values, count });
}
