// @ts-check
// docs/protocol.md 13: the secret that one screen shows and the other browser reads, as text or as a QR code.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { label } from "./labels.js";
import { format_typed_key, parse_typed_key } from "./typed_key.js";

/** @import { Bytes } from "../codec/bytes.js" */

const LINK_SECRET_LENGTH = 16;
const PURPOSE = label("link checksum");
const QR_START = "T2ML1:";

/**
 * @param {(length: number) => Bytes} random
 * @returns {Bytes} 16 bytes
 */
export function make_link_secret(random) {
  return random(LINK_SECRET_LENGTH);
}

/**
 * @param {Uint8Array} secret
 * @returns {Promise<string>} seven groups of four characters, with hyphens
 */
export async function format_link_code(secret) {
  return format_typed_key(secret, PURPOSE);
}

/**
 * @param {string} typed in any case, with spaces and hyphens anywhere
 * @returns {Promise<Bytes>} the secret
 * @throws {Talk2meError} `link_code_invalid` when it was mistyped, or is a recovery key
 */
export async function parse_link_code(typed) {
  try {
    return await parse_typed_key(typed, PURPOSE);
  } catch {
    throw new Talk2meError("link_code_invalid");
  }
}

/** @param {Uint8Array} secret @returns {string} no address: whatever camera reads it by chance opens nothing */
export function link_qr_text(secret) {
  return QR_START + to_base64url(secret);
}

/**
 * @param {string} text
 * @returns {Bytes} the secret
 * @throws {Talk2meError} `link_code_invalid`
 */
export function read_link_qr(text) {
  const secret = text.startsWith(QR_START) ? bytes_or_null(text.slice(QR_START.length)) : null;
  if (secret?.length !== LINK_SECRET_LENGTH) throw new Talk2meError("link_code_invalid");
  return secret;
}

/** @param {string} text */
function bytes_or_null(text) {
  try {
    return from_base64url(text);
  } catch {
    return null;
  }
}
