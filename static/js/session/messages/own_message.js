// @ts-check
// What a person of this device says: it is shown and kept at once, and leaves as soon as it can.
import { to_base64url } from "../../codec/base64url.js";
import { is_well_formed } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { is_text_body, MOST_MENTIONS } from "../../protocol/content_schema.js";
import { accept_in } from "../accept_request.js";
import { add_message, tell_conversation } from "../conversation_log.js";
import { check_may_write } from "../groups/group_rights.js";
import { queue_content } from "../queue_content.js";
import { find_message } from "./find_message.js";
import { quote_of, to_body } from "./message_body.js";
import { timer_of } from "./timer_of.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, FileRecord, Message } from "../records.js" */
/**
 * @typedef {{ text: string, reply?: string, mentions?: string[], forwarded?: true, files?: FileRecord[], timer?: number,
 *   held?: boolean }} OwnMessage `reply`: id of a message of this conversation; `timer`: the conversation's unless another is given;
 *   `held`: nothing leaves before `queue_own_message`
 */

// A message that disappears is nobody's after this, whoever has not come for it: seconds.
const SLACK = 7 * 86_400;

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place and stored
 * @param {OwnMessage} wish
 * @returns {Promise<Message>}
 * @throws {Talk2meError} `text_invalid`, `not_allowed`
 */
export async function store_own_message(changes, device, conversation, { text, reply, mentions, forwarded, files, timer, held = false }) {
  await check_may_write(conversation, device.own.account);
  // Whoever answers has accepted.
  await accept_in(changes, device, conversation);
  const now = device.now();
  const answered = reply && (await find_message(changes, conversation.id, reply));
  const disappears = timer ?? timer_of(conversation);
  /** @type {Omit<Message, "order">} */
  const fields = {
    id: to_base64url(device.random(16)),
    own: true,
    author: device.own.account,
    type: "text",
    text,
    ...(answered && answered.type === "text" && !answered.deleted ? { reply: quote_of(answered) } : {}),
    ...(mentions?.length ? { mentions: [...new Set(mentions)].slice(0, MOST_MENTIONS) } : {}),
    ...(forwarded ? { forwarded } : {}),
    ...(files?.length ? { files } : {}),
    ...(disappears > 0 ? { timer: disappears } : {}),
    time: now,
    received: now,
    status: "waiting",
    here: true,
  };
  check_body(fields);
  const message = add_message(changes, conversation, fields);
  if (!held) queue_own_message(changes, device, conversation, message);
  changes.put("conversations", conversation.id, conversation);
  tell_conversation(changes, device, conversation.id);
  return message;
}

/**
 * Puts a message of this device into the outbox, under the content id that it has.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place; the caller stores it
 * @param {Message} message
 */
export function queue_own_message(changes, device, conversation, message) {
  const { id: content_id, time, order } = message;
  queue_content(changes, device, conversation, { type: "text", body: check_body(message), content_id, time, order, ...kept_for(message) });
  changes.after(() => device.tasks.flush(conversation.id));
}

/** How long the server may keep what is said about a message: seconds. @param {Pick<Message, "timer">} message */
export const kept_for = ({ timer }) => (timer ? { expires_in: timer + SLACK } : {});

/** Nothing is kept that nobody would take. @param {Omit<Message, "order">} message */
function check_body(message) {
  const body = to_body(/** @type {Message} */ (message));
  if (!is_text_body(body) || !is_well_formed(body.text)) throw new Talk2meError("text_invalid");
  return body;
}

/**
 * @param {Changes} changes
 * @param {string} id
 * @returns {Promise<Conversation>} one that can be written in
 * @throws {Talk2meError} `not_found`, `conversation_stopped`
 */
export async function writable(changes, id) {
  /** @type {Conversation | undefined} */
  const conversation = await changes.get("conversations", id);
  if (!conversation) throw new Talk2meError("not_found");
  if (conversation.state === "stopped") throw new Talk2meError("conversation_stopped", { reason: conversation.stopped });
  return conversation;
}
