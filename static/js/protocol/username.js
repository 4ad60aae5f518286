// @ts-check
import { is_text } from "../codec/fields.js";

const WIDE_OR_NARROW = /[\u3000\uFF01-\uFFEE]/g;

const LONGEST = 32;
// Control, format and private characters, halves of pairs, spaces and line ends, and symbols other than ASCII's: none is in
// PRECIS's IdentifierClass, but for its exceptions (RFC 8264 sections 9.6 and 9.8), whatever the version of Unicode.
const FORBIDDEN = /(?![\u0375\u06FD\u06FE\u200C\u200D\x21-\x7E])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Z}\p{S}]/u;

/**
 * Tells whether a name can stand on a page for whom it is. An honest server lets no other in; one that lies could show a name
 * that turns the text around it, or reads as a sentence.
 * @param {string} name
 */
export function is_showable_username(name) {
  return !FORBIDDEN.test(name) && is_text(name, 1, LONGEST);
}

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
