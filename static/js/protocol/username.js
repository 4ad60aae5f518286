// @ts-check

const WIDE_OR_NARROW = /[\u3000\uFF01-\uFFEE]/g;

/**
 * What a person typed, in the form that usernames are kept in: PRECIS UsernameCaseMapped (RFC 8265 section 3.3) without
 * its refusals, which are the server's (`username_invalid`).
 * @param {string} typed
 * @returns {string}
 */
export function normalise_username(typed) {
  return typed
    .trim()
    .replace(WIDE_OR_NARROW, (character) => character.normalize("NFKC"))
    .toLowerCase()
    .normalize("NFC");
}
