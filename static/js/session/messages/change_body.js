// @ts-check
// A change as a record and as the body of its content: ids are text in the one and bytes in the other.
import { from_base64url, to_base64url } from "../../codec/base64url.js";

/** @import { Change } from "../../protocol/content_schema.js" */
/** @import { ChangeBody } from "../../protocol/archive_schema.js" */
/** @import { ChangeRecord } from "../records.js" */
/** @typedef {Pick<ChangeRecord, "type" | "to" | "text" | "mentions" | "emoji" | "pinned">} Said */

/** Those that travel as contents. */
export const CHANGE_TYPES = new Set(["edit", "delete", "reaction", "pin"]);

/** @param {Change | ChangeBody["change"]} change @returns {Said} */
export function from_change({ type, body }) {
  const { to, mentions, ...rest } = /** @type {{ to: Uint8Array, mentions?: Uint8Array[] }} */ (body);
  return { type, to: to_base64url(to), ...(mentions ? { mentions: mentions.map(to_base64url) } : {}), ...rest };
}

/** @param {Said} said @returns {ChangeBody["change"]} */
export function to_change({ type, to, text, mentions, emoji, pinned }) {
  const bodies = {
    edit: { text, ...(mentions?.length ? { mentions: mentions.map(from_base64url) } : {}) },
    delete: {},
    hide: {},
    reaction: { emoji: emoji ?? null },
    pin: { pinned },
  };
  return /** @type {ChangeBody["change"]} */ ({ type, body: { to: from_base64url(to), ...bodies[type] } });
}
