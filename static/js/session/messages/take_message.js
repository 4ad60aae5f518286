// @ts-check
// A message of somebody, or of another device of this account.
import { to_base64url } from "../../codec/base64url.js";
import { note_message } from "../archive/note_archive.js";
import { clock_mark } from "../conversation_log.js";
import { add_in_order } from "../place_message.js";
import { content_index_id } from "../records.js";
import { get_settings } from "../settings.js";
import { apply_waiting } from "./change_message.js";
import { start_own_timer, start_unread_timer } from "./expire_messages.js";
import { find_message } from "./find_message.js";
import { from_body } from "./message_body.js";
import { may_owe, MOST_DUE } from "./owed_receipts.js";
import { give_way } from "./shared_message.js";
import { learn_timer } from "./timer.js";
import { end_typing } from "./typing.js";

/** @import { Content, UnknownContent } from "../../protocol/content_schema.js" */
/** @import { Taker } from "../take_content.js" */

/** @type {Taker} */
export async function take_message(changes, device, conversation, { author, own, place }, /** @type {Extract<Content, { type: "text" }> | UnknownContent} */ content) {
  const id = to_base64url(content.id);
  const received = device.now();
  const there = await find_message(changes, conversation.id, id);
  // Encrypted a second time under the same content id: the first one counts.
  if (!there?.shared_by && (await changes.get("messages", content_index_id(conversation.id, id)))) return;
  const done = there && (await give_way(changes, device, conversation, there));
  const message = await add_in_order(changes, conversation, {
    id,
    own,
    author,
    type: content.type,
    ...(content.type === "text" ? from_body(content.body) : {}),
    time: content.time,
    received,
    // Nothing is shown by the server's clock; what the author's says is shown, and that it can't be right.
    ...clock_mark(content.time, received),
    status: "stored",
    place,
  });
  learn_timer(changes, device, conversation, message);
  if (own) start_own_timer(changes, device, conversation, message);
  else start_unread_timer(changes, device, conversation, message);
  await note_message(changes, device, conversation, message);
  await apply_waiting(changes, device, conversation, message, done);
  if (own) return;
  changes.after(() => end_typing(device, conversation.id, author));
  const { receipts = true } = await get_settings(changes);
  if (receipts && may_owe(conversation) && conversation.receipts_due.length < MOST_DUE) conversation.receipts_due.push(id);
}
