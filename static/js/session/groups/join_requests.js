// @ts-check
// Asking to be let into a group, by its link, and answering that.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { parse_group_link } from "../../protocol/group_link.js";
import { accept_in } from "../accept_request.js";
import { add_message, add_notice, tell_conversation } from "../conversation_log.js";
import { add_in_order } from "../place_message.js";
import { queue_content } from "../queue_content.js";
import { content_index_id, message_id } from "../records.js";
import { start_conversation } from "../start_conversation.js";
import { add_to_group } from "./add_people.js";
import { invitation_of, is_link_valid } from "./group_links.js";

/** @import { Content } from "../../protocol/content_schema.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message } from "../records.js" */
/** @import { Taker } from "../take_content.js" */

/**
 * @param {Device} device
 * @param {{ fragment: string }} wish
 * @returns {Promise<{ conversation: string }>} in which it was asked; the group's, for whoever is in it
 * @throws {Talk2meError} `invitation_invalid`, and as `start_conversation`
 */
export async function join_by_link(device, { fragment }) {
  const { account, group, token } = parse_group_link(fragment);
  /** @type {Conversation | undefined} */
  const known = await device.store.get("conversations", to_base64url(group));
  if (known?.state === "active") return { conversation: known.id };
  const maker = to_base64url(account);
  const { conversation: id } = await start_conversation(device, { account: maker, invitation_fragment: invitation_of(device, fragment) });
  await device.store.transaction(async (changes) => {
    /** @type {Conversation} */
    const conversation = await changes.get("conversations", id);
    const content_id = to_base64url(device.random(16));
    const now = device.now();
    const { order } = add_message(changes, conversation, {
      ...{ id: content_id, own: true, author: device.own.account, type: "join_request", group: to_base64url(group) },
      ...{ time: now, received: now, status: "waiting", here: true },
    });
    queue_content(changes, device, conversation, { type: "join_request", body: { group, token }, content_id, time: now, order });
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
    changes.after(() => device.tasks.flush(id));
  });
  return { conversation: id };
}

/** @type {Taker} */
export async function take_join_request(changes, device, conversation, { author, own, place }, /** @type {Extract<Content, { type: "join_request" }>} */ content) {
  const id = to_base64url(content.id);
  if (conversation.kind !== "direct" || (await changes.get("messages", content_index_id(conversation.id, id)))) return;
  const received = device.now();
  if (!own && !(await is_link_valid(changes, content.body, received))) {
    add_notice(changes, device, conversation, "join_unknown", author);
    return;
  }
  // Whoever brings a link that works was asked to write.
  if (!own && conversation.state === "request") await accept_in(changes, device, conversation);
  const { group, token } = content.body;
  await add_in_order(changes, conversation, {
    ...{ id, own, author, type: "join_request", group: to_base64url(group), token: to_base64url(token) },
    ...{ time: content.time, received, status: "stored", place },
  });
}

/**
 * Who is refused is not told.
 * @param {Device} device
 * @param {{ conversation: string, id: string, accept: boolean }} wish
 * @throws {Talk2meError} `not_found`; `not_allowed` where the link has been stopped since; as `add_to_group`
 */
export async function answer_join_request(device, { conversation: id, id: content_id, accept }) {
  const message = await device.store.transaction((changes) => find_request(changes, id, content_id));
  if (accept) await let_in(device, message);
  await device.store.transaction(async (changes) => {
    const { order } = await find_request(changes, id, content_id);
    await changes.update("messages", message_id(id, order), (/** @type {Message} */ stored) => {
      stored.answered = accept ? "added" : "refused";
    });
    tell_conversation(changes, device, id);
  });
}

/** @param {Device} device @param {Message} message */
async function let_in(device, { author, group = "", token = "" }) {
  const request = { group: from_base64url(group), token: from_base64url(token) };
  const is_valid = await device.store.transaction((changes) => is_link_valid(changes, request, device.now()));
  if (!is_valid) throw new Talk2meError("not_allowed");
  await add_to_group(device, { conversation: group, accounts: [author] });
}

/** @param {Changes} changes @param {string} id @param {string} content_id @returns {Promise<Message>} */
async function find_request(changes, id, content_id) {
  const index = await changes.get("messages", content_index_id(id, content_id));
  /** @type {Message | undefined} */
  const message = index && (await changes.get("messages", message_id(id, index.order)));
  if (!message || message.type !== "join_request" || message.own || message.answered) throw new Talk2meError("not_found");
  return message;
}
