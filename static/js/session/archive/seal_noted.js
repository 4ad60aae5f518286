// @ts-check
// What is noted for the archive as the entry that is sent there.
import { concat } from "../../codec/bytes.js";
import { from_base64url } from "../../codec/base64url.js";
import { seal_entry } from "../../protocol/archive_entry.js";
import { change_entry_id, message_entry_id, shared_entry_id, state_entry_id, vault_note_id } from "../../protocol/archive_keys.js";
import { to_change } from "../messages/change_body.js";
import { to_body } from "../messages/message_body.js";
import { as_given } from "../messages/shared_message.js";
import { message_id } from "../records.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Entry, EntryHead } from "../../protocol/archive_schema.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message, Place } from "../records.js" */
/** @import { Noted } from "./note_archive.js" */
/** @import { Archive } from "./open_archive.js" */

/**
 * @param {Device} device
 * @param {Archive} archive
 * @param {Noted} noted
 * @returns {Promise<{ id: Bytes, body: Bytes } | null>} null for what is not here any more
 */
export async function seal_noted(device, { mailbox, keys: [keys] }, noted) {
  const made = await make_entry(device, keys, noted);
  return made && { id: made.id, body: await seal_entry(keys, { mailbox, id: made.id }, made.entry, device.random) };
}

/**
 * @param {Device} device
 * @param {Archive["keys"][number]} keys
 * @param {Noted} noted
 * @returns {Promise<{ id: Bytes, entry: Entry } | null>}
 */
async function make_entry(device, keys, noted) {
  if (noted.type === "vault") {
    const own = from_base64url(device.own.device);
    const { version, hash } = noted;
    return { id: await vault_note_id(keys, own, version), entry: { type: "vault", body: { device: own, version, hash: concat(hash) } } };
  }
  if (noted.type === "state") {
    const { part, time, state } = noted;
    const [group, salt, value] = [from_base64url(noted.conversation), concat(state.salt), concat(state.value)];
    return { id: await state_entry_id(keys, group, state.hash), entry: { type: "state", body: { group, part, salt, value, time } } };
  }
  if (noted.type === "change") {
    const head = await head_of(device, noted.conversation, noted.change);
    const entry = /** @type {Entry} */ ({ type: "change", body: { ...head, change: to_change(noted.change) } });
    return { id: await change_entry_id(keys, head.conversation, head.author, head.id), entry };
  }
  /** @type {Message | undefined} */
  const message = await device.store.get("messages", message_id(noted.conversation, noted.order));
  if (message?.id !== noted.id || message.deleted || !(message.text || message.files?.length)) return null;
  if (is_given(message)) {
    const body = as_given(message, noted.conversation);
    return { id: await shared_entry_id(keys, body.conversation, body.id), entry: { type: "message", body } };
  }
  const head = await head_of(device, noted.conversation, message);
  const entry = /** @type {Entry} */ ({ type: "message", body: { ...head, type: "text", ...to_body(message) } });
  return { id: await message_entry_id(keys, head.conversation, head.id), entry };
}

/** @param {Message} message @returns {message is Message & { place: Place, shared_by: string }} */
function is_given(message) {
  return message.shared_by !== undefined;
}

/**
 * @param {Device} device
 * @param {string} conversation
 * @param {{ id: string, author: string, time: number, received: number, place?: Place }} about
 * @returns {Promise<EntryHead>}
 */
async function head_of(device, conversation, { id, author, time, received, place }) {
  /** @type {Conversation | undefined} */
  const known = await device.store.get("conversations", conversation);
  return {
    conversation: from_base64url(conversation),
    id: from_base64url(id),
    author: from_base64url(author),
    ...{ time, received },
    place: place ? { mailbox: from_base64url(place.mailbox), sequence: place.sequence } : null,
    ...(known?.kind === "group" ? { group: true } : {}),
  };
}
