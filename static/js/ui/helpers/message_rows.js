// @ts-check
// What stands in the list of a conversation, from its messages: separators, groups, notices.

import { day_key } from "./format_time.js";

/** @import { Message, Person } from "../session_types.js" */

const GROUP_MINUTES = 5;
/** Of the notes to oneself: who came into them is oneself. */
const NOT_IN_NOTES = new Set(["group_created", "added"]);

/**
 * @typedef {{ kind: "day", key: string, time: number }
 *   | { kind: "marker", key: string }
 *   | { kind: "shared_end", key: string, by: Person }
 *   | { kind: "notice", key: string, message: Message }
 *   | { kind: "message", key: string, message: Message, first: boolean, last: boolean }} Row
 */

/**
 * @param {Message[]} messages oldest first
 * @param {{ marker?: number, zone?: string, notes?: boolean }} [options] `marker`: the order of the first message that is new; `notes`: they are to oneself
 * @returns {Row[]}
 */
export function message_rows(messages, { marker, zone, notes = false } = {}) {
  /** @type {Row[]} */
  const rows = [];
  let day = "";
  for (const [index, message] of messages.entries()) {
    if (notes && message.type === "notice" && NOT_IN_NOTES.has(message.code ?? "")) continue;
    const own_day = day_key(message.time, zone);
    const new_day = own_day !== day;
    const given = messages[index - 1]?.shared_by;
    if (given !== undefined && given.account !== message.shared_by?.account) rows.push({ kind: "shared_end", key: `shared ${message.id}`, by: given });
    if (new_day) rows.push({ kind: "day", key: `day ${own_day} ${message.id}`, time: message.time });
    day = own_day;
    if (marker === message.order) rows.push({ kind: "marker", key: "marker" });
    if (message.type === "notice") {
      rows.push({ kind: "notice", key: message.id, message });
      continue;
    }
    const before = messages[index - 1];
    const after = messages[index + 1];
    const first = new_day || marker === message.order || !belong_together(before, message);
    const last = !belong_together(message, after) || marker === after?.order || day_key(after.time, zone) !== own_day;
    rows.push({ kind: "message", key: message.id, message, first, last });
  }
  return rows;
}

/**
 * @param {Message[]} messages oldest first
 * @param {number} unread
 * @returns {number | undefined} the order of the first of the `unread` newest that others wrote
 */
export function first_unread(messages, unread) {
  if (unread < 1) return undefined;
  const received = messages.filter((message) => !message.own && message.type !== "notice");
  return received.at(-Math.min(unread, received.length))?.order;
}

/**
 * @param {Message | undefined} before
 * @param {Message | undefined} after
 * @returns {boolean} whether they are one group: same author, a few minutes apart, nothing between
 */
function belong_together(before, after) {
  if (before === undefined || after === undefined) return false;
  if (before.type === "notice" || after.type === "notice") return false;
  if (before.shared_by?.account !== after.shared_by?.account) return false;
  return before.author.account === after.author.account && after.time - before.time < GROUP_MINUTES * 60_000;
}
