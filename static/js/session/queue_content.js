// @ts-check
// Puts a content at the end of a conversation's outbox, not yet encrypted: that is done when it can leave, so that it names
// what was seen by then and is readable to whoever is in the group by then.
import { to_base64url } from "../codec/base64url.js";
import { outgoing_id } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation, Outgoing } from "./records.js" */

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {{ type: Outgoing["type"], body: any, content_id?: string, time?: number, order?: number, expires_in?: number }} content `order` of
 *   the message that shows it; `expires_in`: seconds that the server keeps it at most
 * @returns {Outgoing}
 */
export function queue_content(changes, device, conversation, { type, body, content_id, time, order, expires_in }) {
  const key = outgoing_id(conversation.id, conversation.next_outgoing);
  conversation.next_outgoing += 1;
  /** @type {Outgoing} */
  const outgoing = {
    key,
    conversation: conversation.id,
    content_id: content_id ?? to_base64url(device.random(16)),
    type,
    body,
    time: time ?? device.now(),
    order: order ?? null,
    mailbox: null,
    envelope: null,
    accepted: false,
    ...(expires_in ? { expires_in } : {}),
  };
  changes.put("outbox", key, outgoing);
  return outgoing;
}
