// @ts-check
// docs/protocol.md: every key and every signature has a name of its own.
import { to_utf8 } from "../codec/bytes.js";

/** @import { Bytes } from "../codec/bytes.js" */

/**
 * @param {string} name
 * @returns {Bytes} "talk2me/1 " || name || 0x00
 */
export function label(name) {
  return to_utf8(`talk2me/1 ${name}\0`);
}
