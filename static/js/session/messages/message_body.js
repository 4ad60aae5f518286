// @ts-check
// A message as a record and as the body of its content: ids are text in the one and bytes in the other.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { QUOTE_LIMIT } from "../../protocol/content_schema.js";

/** @import { TextBody } from "../../protocol/content_schema.js" */
/** @import { FileBody } from "../../protocol/file_schema.js" */
/** @import { FileRecord, Message, Reply } from "../records.js" */
/** @typedef {Pick<Message, "text" | "reply" | "mentions" | "forwarded" | "files" | "timer">} Fields */

const OF_FILES = /** @type {const} */ ([
  ...["key", "digest", "size", "name", "media", "kind"],
  ...["width", "height", "duration", "thumbnail"],
]);

/**
 * What a text said first: its edits follow it by themselves.
 * @param {Message} message
 * @returns {TextBody}
 */
export function to_body({ text = "", edits, reply, mentions, forwarded, files, timer }) {
  return {
    text: edits?.[0].text ?? text,
    ...(reply ? { reply: { id: from_base64url(reply.id), author: from_base64url(reply.author), text: reply.text } } : {}),
    ...(mentions?.length ? { mentions: mentions.map(from_base64url) } : {}),
    ...(forwarded ? { forwarded } : {}),
    ...(files?.length ? { files: files.map(to_file_body) } : {}),
    ...(timer ? { timer } : {}),
  };
}

/** @param {TextBody} body @returns {Fields} */
export function from_body({ text, reply, mentions, forwarded, files, timer }) {
  return {
    text,
    ...(reply ? { reply: { id: to_base64url(reply.id), author: to_base64url(reply.author), text: reply.text } } : {}),
    ...(mentions ? { mentions: mentions.map(to_base64url) } : {}),
    ...(forwarded ? { forwarded } : {}),
    ...(files ? { files: files.map(to_file_record) } : {}),
    ...(timer ? { timer } : {}),
  };
}

/** @param {FileRecord} record whatever else is kept of it stays here @returns {FileBody} */
export function to_file_body(record) {
  const fields = OF_FILES.filter((name) => record[name] !== undefined).map((name) => [name, record[name]]);
  return { id: from_base64url(record.id), ...Object.fromEntries(fields) };
}

/** @param {FileBody} body @returns {FileRecord} */
export function to_file_record(body) {
  return { ...body, id: to_base64url(body.id) };
}

/**
 * What a reply repeats. Of a message that disappears nothing, or it would stay there.
 * @param {Message} message
 * @returns {Reply}
 */
export function quote_of({ id, author, timer, ...message }) {
  return { id, author, text: timer ? "" : beginning(message) };
}

/** As much of a message as a quote shows. @param {Pick<Message, "text" | "files">} message */
export function beginning({ text, files = [] }) {
  const shown = text || files.map(({ name }) => name).join(", ");
  return [...shown.slice(0, 2 * QUOTE_LIMIT)].slice(0, QUOTE_LIMIT).join("");
}
