// @ts-check
import { load_emoji } from "../../codec/load_emoji.js";
import { LANGUAGES } from "./languages.js";

/** @import { EmojiEntry } from "../../codec/load_emoji.js" */

/**
 * Fetched when somebody looks for an emoji. There are no names in every language: English ones then.
 * @param {string} language that is spoken
 * @returns {Promise<{ language: string, groups: [group: string, entries: EmojiEntry[]][] }>} `language`: of the names
 */
export async function load_emoji_names(language) {
  const { emoji } = LANGUAGES[language] ?? {};
  return emoji ? { language, groups: (await emoji()).EMOJI } : { language: "en", groups: await load_emoji() };
}
