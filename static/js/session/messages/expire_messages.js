// @ts-check
// Messages that disappear: one's own so long after it was sent, another's so long after it was read here, and in any case a week
// later than that after it came.
import { message_id } from "../records.js";
import { tell_conversation } from "../conversation_log.js";
import { EXPIRIES, expiry_id } from "./expiry.js";
import { remove_message } from "./remove_message.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message } from "../records.js" */

const UNREAD_WAIT = 7 * 86_400_000;
// A timer of the platform goes no further than 24 days, and a device that slept looks sooner.
const LONGEST_WAIT = 3_600_000;
const PIECE = 128;

/** @type {WeakMap<Device, { timer: any, at: number }>} */
const planned = new WeakMap();

/**
 * Of one that this account has sent.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {Message} message altered in place; the caller stores it
 */
export function start_own_timer(changes, device, conversation, message) {
  if (message.timer) set_expiry(changes, device, conversation, message, device.now() + message.timer * 1000);
}

/**
 * Of one that has come and nobody here has seen yet.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {Message} message altered in place; the caller stores it
 */
export function start_unread_timer(changes, device, conversation, message) {
  if (message.timer) set_expiry(changes, device, conversation, message, device.now() + message.timer * 1000 + UNREAD_WAIT);
}

/**
 * Of one that has been read here.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {Message} message altered in place; the caller stores it
 * @returns {boolean} whether it goes sooner than it would have
 */
export function start_read_timer(changes, device, conversation, message) {
  if (!message.timer) return false;
  const expires = device.now() + message.timer * 1000;
  if (message.expires !== undefined && message.expires <= expires) return false;
  set_expiry(changes, device, conversation, message, expires);
  return true;
}

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {Message} message
 * @param {number} expires ms
 */
function set_expiry(changes, device, { id }, message, expires) {
  if (message.expires !== undefined) changes.delete("messages", expiry_id(id, message, message.expires));
  message.expires = expires;
  changes.put("messages", expiry_id(id, message, expires), { conversation: id, order: message.order, expires });
  changes.after(() => plan(device, expires));
}

/** Deletes what is due, and comes back when the next is. @param {Device} device */
export async function expire_messages(device) {
  for (;;) {
    const rows = await device.store.list("messages", { prefix: EXPIRIES, limit: PIECE });
    const now = device.now();
    const due = rows.filter(({ value }) => value.expires <= now);
    if (due.length > 0) await device.store.transaction((changes) => remove_all(changes, device, due));
    if (due.length === rows.length && rows.length === PIECE) continue;
    const next = rows[due.length];
    if (next) plan(device, next.value.expires);
    return;
  }
}

/** @param {Changes} changes @param {Device} device @param {{ id: string, value: any }[]} due */
async function remove_all(changes, device, due) {
  /** @type {Set<string>} */
  const touched = new Set();
  for (const { id, value } of due) {
    changes.delete("messages", id);
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", value.conversation);
    /** @type {Message | undefined} */
    const message = await changes.get("messages", message_id(value.conversation, value.order));
    if (!conversation || !message || message.expires !== value.expires) continue;
    await remove_message(changes, device, conversation, message);
    changes.put("conversations", conversation.id, conversation);
    touched.add(conversation.id);
  }
  for (const id of touched) tell_conversation(changes, device, id);
}

/** @param {Device} device @param {number} at ms */
function plan(device, at) {
  const present = planned.get(device);
  if (present && present.at <= at) return;
  if (present) device.cancel(present.timer);
  const wait = Math.min(Math.max(at - device.now(), 0), LONGEST_WAIT);
  const timer = device.later(wait, () => {
    planned.delete(device);
    return expire_messages(device);
  });
  planned.set(device, { timer, at });
}
