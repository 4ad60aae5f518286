// @ts-check
// What the page and the service worker call the same.

/** The cache of a release is called this and what its addresses begin with. */
export const CACHES = "talk2me release ";
/** What a page says to the worker that waits. */
export const TAKE_OVER = "take over";
