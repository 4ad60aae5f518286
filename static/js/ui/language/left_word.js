// @ts-check
// A service worker does not see what was chosen in a page: the page leaves word for it, in what both can read.

const CACHE = "talk2me language";
const PLACE = "/language";

/**
 * @param {CacheStorage | undefined} caches
 * @param {string} language that the page speaks
 */
export async function leave_word(caches, language) {
  try {
    await (await caches?.open(CACHE))?.put(PLACE, new Response(language));
  } catch {
    // Then it is as the browser has it.
  }
}

/** @param {CacheStorage | undefined} caches @returns {Promise<string>} `""` where no page has said anything */
export async function read_word(caches) {
  try {
    return (await (await caches?.match(PLACE, { cacheName: CACHE }))?.text()) ?? "";
  } catch {
    return "";
  }
}
