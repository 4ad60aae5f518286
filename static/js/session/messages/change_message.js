// @ts-check
// Applies a change to the message that it is about, or keeps it until that message is there.
import { note_change } from "../archive/note_archive.js";
import { add_notice } from "../conversation_log.js";
import { forget_kept } from "../files/forget_there.js";
import { content_index_id, message_id, message_prefix, pin_prefix, waiting_prefix } from "../records.js";
import { mark_changed } from "../search/mark_changed.js";
import { apply_change } from "./apply_change.js";
import { refresh_preview } from "./preview.js";
import { hide_message } from "./remove_message.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { ChangeRecord, Conversation, Message } from "../records.js" */
/** @typedef {import("./apply_change.js").Outcome | "waiting"} Outcome */

// Of one conversation. Whoever sends more of them gains nothing but that the oldest are forgotten, so many at once that it costs little.
const MOST_WAITING = 200;
const KEPT_WAITING = 150;

/** @type {WeakMap<Changes, Map<string, number>>} by conversation how many wait, as far as a transaction has come */
const waiting_counts = new WeakMap();

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place; the caller stores it
 * @param {ChangeRecord} change
 * @returns {Promise<Outcome>}
 */
export async function change_message(changes, device, conversation, change) {
  const index = await changes.get("messages", content_index_id(conversation.id, change.to));
  if (!index) {
    await keep_waiting(changes, device, conversation.id, change);
    return "waiting";
  }
  /** @type {Message | undefined} */
  const message = await changes.get("messages", message_id(conversation.id, index.order));
  // Hidden here, or something else has its place.
  if (message?.id !== change.to) return "ignored";
  return apply_to(changes, device, conversation, message, change);
}

/**
 * A message has come that changes may be waiting for.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place; the caller stores it
 * @param {Message} message altered in place
 * @param {ChangeRecord[]} [waiting] where somebody has looked for them already
 */
export async function apply_waiting(changes, device, conversation, message, waiting) {
  const found = waiting ?? (await find_waiting(changes, device, conversation.id, message.id));
  for (const change of found) {
    changes.delete("messages", waiting_id(conversation.id, change));
    await apply_to(changes, device, conversation, message, change);
    if (change.type === "hide") return;
  }
}

/** @param {Changes} changes @param {string} conversation @param {string} [to] @returns {Promise<ChangeRecord[]>} */
export async function list_waiting(changes, conversation, to) {
  const rows = await changes.list("messages", waiting_prefix(conversation, to));
  // What was hidden is gone, whatever else has been done to it.
  return rows.map(({ value }) => value).sort((a, b) => Number(b.type === "hide") - Number(a.type === "hide"));
}

/**
 * Nearly always there is nothing in the whole conversation, which is asked for once in a transaction.
 * @param {Changes} changes
 * @param {Device} device
 * @param {string} conversation
 * @param {string} to
 */
async function find_waiting(changes, device, conversation, to) {
  return (await count_waiting(changes, device, conversation)) > 0 ? list_waiting(changes, conversation, to) : [];
}

/** @param {string} conversation @param {ChangeRecord} change */
const waiting_id = (conversation, { to, author, id }) => `${waiting_prefix(conversation, to)}${author}/${id}`;

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {Message} message
 * @param {ChangeRecord} change
 * @returns {Promise<Outcome>}
 */
async function apply_to(changes, device, conversation, message, change) {
  if (change.type === "hide") {
    if (change.author !== device.own.account) return "ignored";
    await hide_message(changes, device, conversation, message);
    await note_change(changes, device, conversation, message, change, { at_once: true });
    return "applied";
  }
  const { files } = message;
  const outcome = apply_change(message, change);
  if (outcome === "applied") {
    if (message.deleted) forget_kept(changes, device, { files });
    await store_changed(changes, conversation, message);
    // What this device does is archived once the server has it.
    if (change.place) await note_change(changes, device, conversation, message, change);
  } else if (outcome === "ignored") return outcome;
  // Whose it is only somebody else says: nobody is named for that, and it is judged again if the message itself comes.
  else if (message.shared_by) await keep_waiting(changes, device, conversation.id, change);
  else if (!change.archived) await note_refused(changes, device, conversation, change.author, outcome);
  return outcome;
}

/** @param {Changes} changes @param {Conversation} conversation @param {Message} message */
async function store_changed(changes, conversation, message) {
  const { id, order, pinned, deleted } = message;
  changes.put("messages", message_id(conversation.id, order), message);
  const pin = `${pin_prefix(conversation.id)}${id}`;
  if (pinned?.on) changes.put("messages", pin, { order, time: pinned.time });
  else if (pinned || deleted) changes.delete("messages", pin);
  mark_changed(changes, conversation.id, order);
  await refresh_preview(changes, conversation, message);
}

/**
 * Once, until something else is said.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {string} author
 * @param {string} code
 */
async function note_refused(changes, device, conversation, author, code) {
  /** @type {Message | undefined} */
  const newest = await changes.first("messages", { prefix: message_prefix(conversation.id), newest_first: true });
  if (newest?.code === code && newest.author === author) return;
  add_notice(changes, device, conversation, code, author);
}

/** @param {Changes} changes @param {Device} device @param {string} conversation @param {ChangeRecord} change */
async function keep_waiting(changes, device, conversation, change) {
  const count = await count_waiting(changes, device, conversation);
  // What the account's own devices have archived is about messages that they had.
  const kept = count >= MOST_WAITING && !change.archived ? await make_room(changes, conversation) : count;
  waiting_counts.get(changes)?.set(conversation, kept + 1);
  changes.put("messages", waiting_id(conversation, change), change);
}

/** At most so many. @param {Changes} changes @param {Device} device @param {string} conversation @returns {Promise<number>} */
async function count_waiting(changes, device, conversation) {
  const counts = waiting_counts.get(changes) ?? new Map();
  waiting_counts.set(changes, counts);
  const count = counts.get(conversation) ?? (await device.store.count("messages", waiting_prefix(conversation)));
  counts.set(conversation, count);
  return count;
}

/** @param {Changes} changes @param {string} conversation @returns {Promise<number>} how many are left */
async function make_room(changes, conversation) {
  const waiting = await changes.list("messages", waiting_prefix(conversation));
  const others = waiting.filter(({ value }) => !value.archived).sort((a, b) => a.value.received - b.value.received);
  const forgotten = others.slice(0, Math.max(0, others.length - KEPT_WAITING));
  for (const { id } of forgotten) changes.delete("messages", id);
  return waiting.length - forgotten.length;
}
