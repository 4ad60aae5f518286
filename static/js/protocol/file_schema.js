// @ts-check
// How a message names a file that lies sealed on the server (docs/files.md).
import { is_bytes } from "../codec/bytes.js";
import { has_exactly, has_fields, is_integer, is_text } from "../codec/fields.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {Pick<FileBody, "id" | "key" | "digest" | "size">} SealedFileBody one that no message shows */
/**
 * @typedef {{ id: Bytes, key: Bytes, digest: Bytes, size: number, name: string, media: string, kind: "file" | "image" | "voice",
 *   width?: number, height?: number, duration?: number, thumbnail?: Bytes }} FileBody `id`: of the attachment on the server;
 *   `key`: 32 bytes, of this file alone; `digest`: SHA-256 of all that is stored; `size`: of the plain file; `media`: its type as
 *   whoever sent it says, which nothing is done with but to show it; `duration`: ms; `thumbnail`: a small JPEG or WebP
 */

const SEALED = ["id", "key", "digest", "size"];
const NEEDED = [...SEALED, "name", "media", "kind"];
const ALLOWED = ["width", "height", "duration", "thumbnail"];
const KINDS = ["file", "image", "voice"];
const NAME_LIMIT = 255;
const MEDIA_LIMIT = 127;
const MOST_PIXELS = 100_000;
/** Bytes of a thumbnail. */
export const THUMBNAIL_LIMIT = 8_192;

/** @param {unknown} value @returns {value is FileBody} */
export function is_file(value) {
  return (
    has_fields(value, NEEDED, ALLOWED) &&
    is_sealed(value) &&
    is_text(value.name, 1, NAME_LIMIT) &&
    is_text(value.media, 0, MEDIA_LIMIT) &&
    KINDS.includes(/** @type {string} */ (value.kind)) &&
    is_optional(value.width, MOST_PIXELS) &&
    is_optional(value.height, MOST_PIXELS) &&
    is_optional(value.duration, Number.MAX_SAFE_INTEGER) &&
    (value.thumbnail === undefined || (value.thumbnail instanceof Uint8Array && value.thumbnail.length <= THUMBNAIL_LIMIT))
  );
}

/** @param {unknown} value @param {number} most bytes of the plain file @returns {value is SealedFileBody} */
export function is_sealed_file(value, most) {
  return has_exactly(value, SEALED) && is_sealed(value) && value.size > 0 && value.size <= most;
}

/** @param {Record<string, unknown>} value @returns {value is Record<string, unknown> & SealedFileBody} */
function is_sealed(value) {
  return is_bytes(value.id, 16) && is_bytes(value.key, 32) && is_bytes(value.digest, 32) && is_integer(value.size);
}

/** @param {unknown} value @param {number} most */
function is_optional(value, most) {
  return value === undefined || (is_integer(value, 1) && value <= most);
}
