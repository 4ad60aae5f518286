// @ts-check
// What the server answered to an envelope of ours. The envelope itself comes back in the mailbox's order; only then is it
// forgotten.
import { is_integer } from "../codec/fields.js";
import { note_change, note_message } from "./archive/note_archive.js";
import { set_status, tell_conversation } from "./conversation_log.js";
import { CHANGE_TYPES, from_change } from "./messages/change_body.js";
import { start_own_timer } from "./messages/expire_messages.js";
import { find_message } from "./messages/find_message.js";
import { message_id } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Change } from "../protocol/content_schema.js" */
/** @import { Conversation, Message, Outgoing } from "./records.js" */

/** @param {Device} device @param {Outgoing} outgoing @param {{ sequence?: unknown }} answer */
export async function note_accepted(device, outgoing, { sequence }) {
  await change(device, outgoing, "stored", undefined, async (changes, conversation) => {
    changes.put("outbox", outgoing.key, { ...outgoing, accepted: true });
    if (is_integer(sequence, 1)) await note_own_stored(changes, device, conversation, outgoing, sequence);
  });
}

/**
 * A message of ours, or what we did to one, has its place in the mailbox: it goes into the archive.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {Outgoing} outgoing
 * @param {number} sequence
 */
export async function note_own_stored(changes, device, conversation, outgoing, sequence) {
  const { order, mailbox } = outgoing;
  if (order === null) {
    if (CHANGE_TYPES.has(outgoing.type)) await note_own_change(changes, device, conversation, outgoing, sequence);
    return;
  }
  await set_status(changes, conversation, order, "stored");
  const at = message_id(conversation.id, order);
  /** @type {Message | undefined} */
  const message = await changes.get("messages", at);
  if (!message || !mailbox) return;
  if (!message.place) start_own_timer(changes, device, conversation, message);
  message.place = { mailbox, sequence };
  await note_message(changes, device, conversation, message, { at_once: true });
  changes.put("messages", at, message);
}

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {Outgoing} outgoing
 * @param {number} sequence
 */
async function note_own_change(changes, device, conversation, { type, body, content_id, time, mailbox }, sequence) {
  const said = from_change(/** @type {Change} */ ({ type, body }));
  const message = await find_message(changes, conversation.id, said.to);
  if (!message || !mailbox) return;
  const own = { ...said, author: device.own.account, id: content_id, time, received: time, place: { mailbox, sequence } };
  await note_change(changes, device, conversation, message, own, { at_once: true });
}

/**
 * It named too old a slot: to be encrypted again, under the same content id.
 * @param {Device} device
 * @param {Outgoing} outgoing
 */
export async function note_stale(device, outgoing) {
  await device.store.transaction(async (changes) => {
    if (!(await is_present(changes, outgoing))) return;
    changes.put("outbox", outgoing.key, { ...outgoing, envelope: null, mailbox: null });
  });
}

/** @param {Device} device @param {Outgoing} outgoing @param {string} code */
export async function note_failed(device, outgoing, code) {
  await change(device, outgoing, "failed", code, async (changes) => changes.delete("outbox", outgoing.key));
}

/**
 * An answer is about one envelope. What was encrypted anew meanwhile, or has come back already, is none of its business.
 * @param {Changes} changes
 * @param {Outgoing} outgoing
 */
async function is_present(changes, { key, envelope }) {
  /** @type {Outgoing | undefined} */
  const stored = await changes.get("outbox", key);
  return stored !== undefined && stored.envelope?.id === envelope?.id;
}

/**
 * @param {Device} device
 * @param {Outgoing} outgoing
 * @param {Message["status"]} status
 * @param {string | undefined} error
 * @param {(changes: Changes, conversation: Conversation) => Promise<void>} more
 */
async function change(device, outgoing, status, error, more) {
  const { conversation: id, order } = outgoing;
  await device.store.transaction(async (changes) => {
    if (!(await is_present(changes, outgoing))) return;
    /** @type {Conversation} */
    const conversation = await changes.get("conversations", id);
    await more(changes, conversation);
    if (order === null) return;
    await set_status(changes, conversation, order, status, error);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
}
