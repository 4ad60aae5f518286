// @ts-check
// What of a group's past can be given: what this device has read itself, as it stands now. Nothing that was deleted, that disappears, or
// that somebody gave this account in turn, for which nobody here could vouch.
import { message_id, message_prefix } from "../records.js";
import { quote_of } from "../messages/message_body.js";
import { originals_of } from "../messages/message_views.js";
import { to_shared } from "../messages/shared_message.js";

/** @import { SharedBody } from "../../protocol/archive_schema.js" */
/** @import { Device } from "../device.js" */
/** @import { Giving, Message, Place } from "../records.js" */

const PAGE = 128;

/**
 * @param {Device} device
 * @param {string} id of the conversation
 * @param {Pick<Giving, "most" | "before">} wanted
 * @returns {Promise<SharedBody[]>} the newest of them, in the mailbox's order
 */
export async function collect_history(device, id, { most, before }) {
  /** @type {(Message & { place: Place })[]} */
  const found = [];
  for (let below; found.length < most; ) {
    const rows = await device.store.list("messages", { prefix: message_prefix(id), newest_first: true, limit: PAGE, ...(below ? { before: below } : {}) });
    const messages = rows.map(({ value }) => without_expired(value, device.now()));
    found.push(...messages.filter((message) => can_be_given(message, id, before)));
    if (rows.length < PAGE) break;
    below = message_id(id, rows[rows.length - 1].value.order);
  }
  const by_place = found.slice(0, most).sort((one, other) => one.place.sequence - other.place.sequence);
  const originals = await originals_of(device.store, id, by_place);
  return by_place.map((message) => to_shared(quoted_as_now(message, originals), id, device.own.account));
}

/**
 * A reply keeps what it quoted; of what was deleted since nothing is given, of what was edited what it says now.
 * @template {Message} M
 * @param {M} message
 * @param {Map<string, Message | null>} originals as `originals_of` gives them
 * @returns {M}
 */
function quoted_as_now(message, originals) {
  const { reply } = message;
  const original = reply && originals.get(reply.id);
  if (!reply || original === undefined) return message;
  return { ...message, reply: original ? quote_of(original) : { ...reply, text: "" } };
}

/** @param {Message} message @param {string} mailbox @param {number} before @returns {message is Message & { place: Place }} */
function can_be_given(message, mailbox, before) {
  const { type, text, files, deleted, timer, shared_by, place } = message;
  if (type !== "text" || deleted || timer || shared_by || !(text || files)) return false;
  return place !== undefined && place.mailbox === mailbox && place.sequence < before;
}

/** What the server has forgotten nobody can fetch. @param {Message} message @param {number} now @returns {Message} */
function without_expired({ files = [], ...message }, now) {
  const there = files.filter(({ expires, kept, uploading }) => !uploading && (kept || expires === undefined || expires > now));
  return there.length > 0 ? { ...message, files: there } : message;
}
