// @ts-check

/** @typedef {[emoji: string, name: string, tags: string]} EmojiEntry */

/**
 * The emoji of Unicode with their English names. They are fetched when somebody looks for one, and from our own origin.
 * @returns {Promise<[group: string, entries: EmojiEntry[]][]>}
 */
export async function load_emoji() {
  const { EMOJI } = await import("../../vendor/emoji.js");
  return EMOJI;
}
