// @ts-check
// Texts about searching; part of TEXTS in texts.js.

/** @type {Record<string, string>} */
export const SEARCH_TEXTS = {
  found_one: "{count} message",
  found_other: "{count} messages",
  found_more_one: "more than {count} message",
  found_more_other: "more than {count} messages",
  found_own: "You:",
  found_by: "{name}:",
  found_me: "Me",
};
