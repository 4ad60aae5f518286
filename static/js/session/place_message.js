// @ts-check
// Puts a message that this device has missed where it belongs in its conversation: by the mailbox's order, and where that says
// nothing by time. What is there is never altered.
import { add_message } from "./conversation_log.js";
import { preview_of } from "./messages/preview.js";
import { mark_changed } from "./search/mark_changed.js";
import { content_index_id, FIRST_ORDER, message_id, message_prefix, ORDER_STEP } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Conversation, Message } from "./records.js" */
/** @typedef {Omit<Message, "order">} Fields */
/** @typedef {{ newest_first: boolean, above?: number, below?: number }} Where */
/** @typedef {Map<string, Message>} Lowest the oldest message of each conversation, as far as one transaction has looked */

// Room for each sequence between a message and the only neighbour that has one in the same mailbox.
const STRIDE = 64;

/**
 * @param {Changes} changes
 * @param {Conversation} conversation altered in place; the caller stores it
 * @param {Fields} fields
 * @param {{ unread: boolean, lowest?: Lowest }} where `unread`: it counts as such
 * @returns {Promise<Message | null>} null when this device has it already
 */
export async function place_message(changes, conversation, fields, { unread, lowest = new Map() }) {
  if (await changes.get("messages", content_index_id(conversation.id, fields.id))) return null;
  const { place } = fields;
  // What its mailbox has yet to bring from before it has to stand before it.
  if (place) conversation.ahead = { ...conversation.ahead, [place.mailbox]: Math.max(place.sequence, conversation.ahead?.[place.mailbox] ?? 0) };
  const order = await find_order(changes, conversation, fields, lowest);
  const is_end = lowest.get(conversation.id)?.order === order || order === conversation.next_order - ORDER_STEP;
  if (!is_end) mark_changed(changes, conversation.id, order);
  const message = { ...fields, order };
  changes.put("messages", message_id(conversation.id, order), message);
  changes.put("messages", content_index_id(conversation.id, message.id), { order });
  note_newest(conversation, message);
  if (unread && !message.own) conversation.unread += 1;
  // What nobody has to read any more, with nothing below it.
  else if (order < FIRST_ORDER) conversation.read_order = Math.max(conversation.read_order, order);
  return message;
}

/**
 * What its mailbox has brought: at the end, unless something that the mailbox has after it is here already.
 * @param {Changes} changes
 * @param {Conversation} conversation altered in place; the caller stores it
 * @param {Fields} fields which this device does not have
 * @returns {Promise<Message>}
 */
export async function add_in_order(changes, conversation, fields) {
  const { place, received } = fields;
  if (!place || place.sequence > (conversation.ahead?.[place.mailbox] ?? 0)) return add_message(changes, conversation, fields);
  conversation.time = Math.max(conversation.time, received);
  return /** @type {Message} */ (await place_message(changes, conversation, fields, { unread: true }));
}

/**
 * Looks for several conversations at once, before many of their messages are placed.
 * @param {Changes} changes
 * @param {string[]} conversations
 * @returns {Promise<Lowest>}
 */
export async function find_lowest(changes, conversations) {
  const oldest = await Promise.all(conversations.map((id) => neighbour(changes, id, { newest_first: false })));
  return new Map(conversations.flatMap((id, at) => (oldest[at] ? [[id, oldest[at]]] : [])));
}

/** @param {Conversation} conversation @param {Message} message */
function note_newest(conversation, message) {
  const { order, received } = message;
  if (conversation.last && conversation.last.order > order) return;
  // One that was empty has the time of its messages, not of when this device met it.
  conversation.time = conversation.last ? Math.max(conversation.time, received) : received;
  conversation.last = preview_of(message);
}

/** @param {Changes} changes @param {Conversation} conversation @param {Fields} fields @param {Lowest} lowest */
async function find_order(changes, conversation, fields, lowest) {
  const { id } = conversation;
  const oldest = lowest.get(id) ?? (await neighbour(changes, id, { newest_first: false }));
  const is_lowest = !oldest || (oldest.order > ORDER_STEP && (await is_below_all(changes, conversation, fields, oldest)));
  if (!is_lowest) {
    lowest.set(id, oldest);
    return (await order_by_place(changes, conversation, fields)) ?? order_between(changes, conversation, fields, oldest);
  }
  const order = oldest ? oldest.order - ORDER_STEP : append(conversation);
  lowest.set(id, { ...fields, order });
  return order;
}

/**
 * What this device has written stands where it was written: only its time says what was before it. And what stands lowest may say nothing
 * of the mailbox that this one is of.
 * @param {Changes} changes
 * @param {Conversation} conversation
 * @param {Fields} fields
 * @param {Message} oldest
 */
async function is_below_all(changes, conversation, fields, oldest) {
  if (oldest.here ? !is_earlier(fields, oldest) : !is_before(fields, oldest)) return false;
  const { place } = fields;
  if (!place || (!oldest.here && oldest.place?.mailbox === place.mailbox)) return true;
  const first = await neighbour(changes, conversation.id, { newest_first: false }, (one) => !one.here && one.place?.mailbox === place.mailbox);
  return !first || is_before(fields, first);
}

/** @param {Conversation} conversation */
function append(conversation) {
  const order = conversation.next_order;
  conversation.next_order += ORDER_STEP;
  return order;
}

/**
 * Among those that stand as the same mailbox has them; what this device has written stands where it was written, and says nothing.
 * @param {Changes} changes
 * @param {Conversation} conversation
 * @param {Fields} fields
 * @returns {Promise<number | null>} null where its mailbox says nothing
 */
async function order_by_place(changes, conversation, fields) {
  const { place } = fields;
  if (!place) return null;
  const anchor = (/** @type {Where} */ where) => neighbour(changes, conversation.id, where, (one) => !one.here && one.place?.mailbox === place.mailbox);
  const [first, last] = [await anchor({ newest_first: false }), await anchor({ newest_first: true })];
  if (!first || !last) return null;
  if (is_before(last, fields)) return order_between(changes, conversation, fields, last);
  let [low, high] = [first, is_before(fields, first) ? first : last];
  while (low.order < high.order) {
    /** @type {number} */
    const middle = low.order + Math.floor((high.order - low.order) / 2);
    const next = (await anchor({ newest_first: false, above: middle, below: high.order })) ?? (await anchor({ newest_first: true, below: middle + 1 }));
    if (!next || next.order <= low.order) break;
    if (is_before(fields, next)) high = next;
    else low = next;
  }
  const below = await neighbour(changes, conversation.id, { newest_first: true, below: high.order });
  return below ? room_between(changes, conversation, fields, below, high) : high.order - ORDER_STEP;
}

/**
 * @param {Changes} changes
 * @param {Conversation} conversation
 * @param {Fields} fields
 * @param {Message} oldest
 * @returns {Promise<number>}
 */
async function order_between(changes, conversation, fields, oldest) {
  const { id } = conversation;
  let low = oldest;
  let high = await neighbour(changes, id, { newest_first: true });
  if (!high || !is_before(fields, high)) return append(conversation);
  // What stands in a conversation rises, so its middle says in which half this belongs.
  while (low.order < high.order) {
    const middle = low.order + Math.floor((high.order - low.order) / 2);
    const next = await neighbour(changes, id, { newest_first: false, above: middle });
    if (!next || next.order >= high.order) {
      const last = await neighbour(changes, id, { newest_first: true, below: high.order });
      if (!last || last.order <= low.order) break;
      if (is_before(fields, last)) high = last;
      else low = last;
    } else if (is_before(fields, next)) high = next;
    else low = next;
  }
  return room_between(changes, conversation, fields, low, high);
}

/**
 * A conversation of a release before this one has no room between its messages: then it is the next place that has.
 * @param {Changes} changes
 * @param {Conversation} conversation
 * @param {Fields} fields
 * @param {Message} low
 * @param {Message} high
 */
async function room_between(changes, conversation, fields, low, high) {
  let [below, above] = [low, high];
  while (above.order - below.order < 2) {
    const next = await neighbour(changes, conversation.id, { newest_first: false, above: above.order });
    if (!next) return append(conversation);
    [below, above] = [above, next];
  }
  const room = above.order - below.order;
  return below.order + Math.min(room - 1, Math.max(1, Math.floor(part_of(room, fields, below, above))));
}

/**
 * As far from both as the mailbox has it, so that all fit whose places lie between, in whatever order they come.
 * @param {number} room
 * @param {Fields} fields
 * @param {Message} below
 * @param {Message} above
 */
function part_of(room, fields, below, above) {
  const after = distance(below, fields);
  const before = distance(fields, above);
  if (after > 0 && before > 0) return room * (after / (after + before));
  if (after > 0) return Math.min(room / 2, after * STRIDE);
  if (before > 0) return Math.max(room / 2, room - before * STRIDE);
  return room / 2;
}

/** @param {Fields} one @param {Fields} other @returns {number} in sequences; 0 without a mailbox in common */
function distance(one, other) {
  if (one.place?.mailbox !== other.place?.mailbox) return 0;
  return (other.place?.sequence ?? 0) - (one.place?.sequence ?? 0);
}

/**
 * @param {Changes} changes
 * @param {string} conversation
 * @param {Where} where
 * @param {(message: Message) => boolean} [fits] others are passed over
 * @returns {Promise<Message | undefined>}
 */
async function neighbour(changes, conversation, { newest_first, above, below }, fits = () => true) {
  for (let [low, high] = [above, below]; ; ) {
    /** @type {Message | undefined} */
    const found = await changes.first("messages", {
      prefix: message_prefix(conversation),
      ...(low === undefined ? {} : { after: message_id(conversation, low) }),
      ...(high === undefined ? {} : { before: message_id(conversation, high) }),
      newest_first,
    });
    if (!found || fits(found)) return found;
    if (newest_first) high = found.order;
    else low = found.order;
  }
}

/**
 * By the mailbox's order, else by time: one clock may be fast, so the earlier of the author's and the reader's counts.
 * @param {Fields} one
 * @param {Fields} other
 */
export function is_before(one, other) {
  if (one.place && other.place && one.place.mailbox === other.place.mailbox) {
    return one.place.sequence < other.place.sequence;
  }
  return is_earlier(one, other);
}

/** @param {Fields} one @param {Fields} other */
function is_earlier(one, other) {
  return Math.min(one.time, one.received) < Math.min(other.time, other.received);
}
