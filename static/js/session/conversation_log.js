// @ts-check
// Adds to a conversation's list of messages, inside a transaction. `conversation` is altered in place; the caller stores it.
import { to_base64url } from "../codec/base64url.js";
import { choose_mailbox } from "./choose_mailbox.js";
import { preview_of } from "./messages/preview.js";
import { content_index_id, FIRST_ORDER, message_id, ORDER_STEP } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Conversation, GroupRecord, Message } from "./records.js" */
/** @import { Device } from "./device.js" */

// Clocks of two honest devices differ by less: milliseconds.
const CLOCK_SLACK = 600_000;

/**
 * @param {number} time the author's
 * @param {number} received when it came, by the clock of the device that it came to
 * @returns {{ clock_ahead?: true }}
 */
export const clock_mark = (time, received) => (time > received + CLOCK_SLACK ? { clock_ahead: true } : {});

/**
 * A direct conversation is known by the other account: there is one for each, whatever groups it has.
 * @param {{ peer: string, state: Conversation["state"], suite: number, time: number }} begin
 * @returns {Conversation}
 */
export function new_conversation({ peer, state, suite, time }) {
  return {
    id: peer,
    kind: "direct",
    peer,
    suite,
    state,
    stopped: null,
    before_stop: "active",
    mailboxes: [],
    unread: 0,
    next_order: FIRST_ORDER,
    next_outgoing: 1,
    read_order: 0,
    last: null,
    time,
    receipts_due: [],
  };
}

/**
 * A group is known by its mailbox, which is its own for as long as it lasts.
 * @param {{ mailbox: string, state: Conversation["state"], suite: number, time: number }} begin
 * @returns {Conversation & { group: GroupRecord }}
 */
export function new_group_conversation({ mailbox, state, suite, time }) {
  const begun = new_conversation({ peer: "", state, suite, time });
  return { ...begun, id: mailbox, kind: "group", group: { roles: null, rights: null, settings: null, members: [] } };
}

/**
 * Shows one more group in a conversation. Its suite is that of the group which is sent in.
 * @param {Conversation} conversation altered in place
 * @param {string} mailbox
 * @param {number} suite
 */
export function add_mailbox(conversation, mailbox, suite) {
  if (!conversation.mailboxes.includes(mailbox)) conversation.mailboxes.push(mailbox);
  if (choose_mailbox(conversation.mailboxes) === mailbox) conversation.suite = suite;
}

/**
 * @param {Changes} changes
 * @param {Conversation} conversation
 * @param {Omit<Message, "order">} fields
 * @returns {Message}
 */
export function add_message(changes, conversation, fields) {
  const message = { ...fields, order: conversation.next_order };
  conversation.next_order += ORDER_STEP;
  changes.put("messages", message_id(conversation.id, message.order), message);
  changes.put("messages", content_index_id(conversation.id, message.id), { order: message.order });
  conversation.time = Math.max(conversation.time, message.received);
  if (message.type === "notice") return message;
  if (!message.own) conversation.unread += 1;
  conversation.last = preview_of(message);
  return message;
}

/**
 * A line that is about the conversation, not of anyone.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {string} code
 * @param {string} [author] whom it is about
 * @param {Pick<Message, "by" | "about" | "role" | "seconds" | "text" | "count" | "place">} [more]
 */
export function add_notice(changes, device, conversation, code, author = conversation.peer, more = {}) {
  const now = device.now();
  return add_message(changes, conversation, {
    id: to_base64url(device.random(16)),
    own: false,
    author,
    type: "notice",
    code,
    ...more,
    time: now,
    received: now,
    status: "stored",
  });
}

/**
 * Moves a message of ours on; never back.
 * @param {Changes} changes
 * @param {Conversation} conversation
 * @param {number} order
 * @param {Message["status"]} status
 * @param {string} [error]
 */
export async function set_status(changes, conversation, order, status, error) {
  const rank = { waiting: 0, failed: 1, stored: 2, delivered: 3, read: 4 };
  await changes.update("messages", message_id(conversation.id, order), (message) => {
    const is_retry = message.status === "failed" && status === "waiting";
    if (!message.own || (rank[/** @type {Message["status"]} */ (message.status)] >= rank[status] && !is_retry)) return;
    message.status = status;
    delete message.error;
    if (error) message.error = error;
    if (conversation.last?.order === order) conversation.last.status = status;
  });
}

/** Tells every page what to read again, once it is stored. @param {Changes} changes @param {Device} device @param {string} id */
export function tell_conversation(changes, device, id) {
  changes.after(() => {
    device.emit("messages", { conversation: id });
    device.emit("conversations");
    device.tasks.index(id);
  });
}
