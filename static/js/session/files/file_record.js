// @ts-check
// A file of a message as the interface sees it: its key stays below.
import { to_base64url } from "../../codec/base64url.js";

/** @import { FileRecord } from "../records.js" */
/**
 * @typedef {{ id: string, digest: string, name: string, media: string, kind: FileRecord["kind"], size: number, width?: number, height?: number,
 *   duration?: number, thumbnail?: Uint8Array, expires?: number, state: "uploading" | "there" | "kept" | "expired" }} FileView
 */

/** @param {FileRecord} record @param {number} now @returns {FileView} */
export function to_file_view({ id, digest, name, media, kind, size, width, height, duration, thumbnail, expires, kept, uploading }, now) {
  return {
    ...{ id, digest: to_base64url(digest), name, media, kind, size },
    ...(width && height ? { width, height } : {}),
    ...(duration ? { duration } : {}),
    ...(thumbnail ? { thumbnail } : {}),
    ...(expires ? { expires } : {}),
    state: file_state({ expires, kept, uploading }, now),
  };
}

/** @param {Pick<FileRecord, "expires" | "kept" | "uploading">} record @param {number} now @returns {FileView["state"]} */
function file_state({ expires, kept, uploading }, now) {
  if (uploading) return "uploading";
  if (kept) return "kept";
  return expires !== undefined && expires <= now ? "expired" : "there";
}
