// @ts-check
import { plural_category, spoken_form } from "../language/spoken.js";
import { fill_in, text } from "../texts.js";

/**
 * @param {string} key whose English forms are `<key>_one` and `<key>_other`
 * @param {number} count
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function counted(key, count, values = {}) {
  const filled = { ...values, count };
  const form = spoken_form(key, count);
  return form === undefined ? text(`${key}_${plural_category(count, "en")}`, filled) : fill_in(form, filled);
}
