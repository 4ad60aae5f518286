// @ts-check
// A past message that another member gave: what it says, and who wrote it, is that member's word. It is a snapshot; what this device
// reads itself of the same message, its text, edits and reactions, counts before it, whichever comes first.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { note_message } from "../archive/note_archive.js";
import { clock_mark } from "../conversation_log.js";
import { place_message } from "../place_message.js";
import { is_emoji } from "./apply_change.js";
import { apply_waiting, list_waiting } from "./change_message.js";
import { changes_of } from "./changes_of.js";
import { from_body, to_body } from "./message_body.js";
import { remove_message } from "./remove_message.js";

/** @import { SharedBody } from "../../protocol/archive_schema.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Lowest } from "../place_message.js" */
/** @import { ChangeRecord, Conversation, Message, Place, Reaction } from "../records.js" */

/**
 * @param {Message & { place: Place }} message
 * @param {string} conversation a group
 * @param {string} by who vouches for it
 * @returns {SharedBody} as it stands now
 */
export function to_shared({ edits: _edits, timer: _timer, ...message }, conversation, by) {
  return pack_shared({ ...message, shared_by: by }, conversation, message.edited, Object.entries(message.reactions ?? {}));
}

/**
 * @param {Message & { place: Place, shared_by: string }} message
 * @param {string} conversation
 * @returns {SharedBody} as it was given: what was done to it since stands beside it in an archive
 */
export function as_given(message, conversation) {
  const given = Object.entries(message.reactions ?? {}).filter(([, { shared }]) => shared);
  return pack_shared(message, conversation, message.edit === undefined ? message.edited : undefined, given);
}

/**
 * @param {Message & { place: Place, shared_by: string }} message
 * @param {string} conversation
 * @param {number | undefined} edited
 * @param {[string, Reaction][]} reactions
 * @returns {SharedBody}
 */
function pack_shared(message, conversation, edited, reactions) {
  const { id, author, time, received, place, shared_by } = message;
  const shown = reactions.flatMap(([by, { emoji, time: at }]) => (emoji === null ? [] : [{ author: from_base64url(by), emoji, time: at }]));
  return {
    conversation: from_base64url(conversation),
    id: from_base64url(id),
    author: from_base64url(author),
    ...{ time, received, group: true, type: "shared" },
    place: { mailbox: from_base64url(place.mailbox), sequence: place.sequence },
    shared_by: from_base64url(shared_by),
    ...to_body(message),
    ...(edited === undefined ? {} : { edited }),
    ...(shown.length > 0 ? { reactions: shown } : {}),
  };
}

/**
 * @param {SharedBody} body
 * @param {{ own: string, now: number }} reader `own`: nobody tells an account what it has reacted itself
 * @returns {Omit<Message, "order">}
 */
export function from_shared(body, { own, now }) {
  const { id, author, time, place, shared_by, edited, reactions = [] } = body;
  const received = Math.min(body.received, now);
  const shown = reactions.map(({ author: by, emoji, time: at }) => /** @type {[string, Reaction]} */ ([to_base64url(by), { emoji, time: at, id: "", shared: true }]));
  const others = shown.filter(([by, { emoji }]) => by !== own && is_emoji(emoji ?? ""));
  return {
    id: to_base64url(id),
    own: false,
    author: to_base64url(author),
    type: "text",
    shared_by: to_base64url(shared_by),
    ...from_body(body),
    ...{ time, received, ...clock_mark(time, received), status: "stored" },
    ...(place ? { place: { mailbox: to_base64url(place.mailbox), sequence: place.sequence } } : {}),
    ...(edited === undefined ? {} : { edited }),
    ...(others.length > 0 ? { reactions: Object.fromEntries(others) } : {}),
  };
}

/**
 * One that is here already stays: it is the message itself, the same one, or one that the person has deleted for itself.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {SharedBody} body
 * @param {Lowest} lowest as `place_message` has it
 */
export async function take_shared(changes, device, conversation, body, lowest) {
  const { account: own } = device.own;
  // What it has said itself, an account knows.
  if (to_base64url(body.author) === own) return;
  const fields = from_shared(body, { own, now: device.now() });
  const message = await place_message(changes, conversation, fields, { unread: false, lowest });
  if (!message) return;
  await note_message(changes, device, conversation, message);
  await apply_waiting(changes, device, conversation, message);
}

/**
 * The message itself has come.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {Message} message the one that was given in its place
 * @returns {Promise<ChangeRecord[]>} what was done to it, to be judged again: its author may be somebody else
 */
export async function give_way(changes, device, conversation, message) {
  const { id: to, author, time, deleted } = message;
  const waiting = await list_waiting(changes, conversation.id, to);
  await remove_message(changes, device, conversation, message);
  /** @type {ChangeRecord[]} */
  const deletion = deleted ? [{ type: "delete", to, author, id: "", time, received: time }] : [];
  // Whoever was told of what is refused was told already. What was refused because it was said to be another's waits.
  const done = [...changes_of(message), ...deletion].map((change) => ({ ...change, archived: /** @type {const} */ (true) }));
  return [...done, ...waiting];
}
