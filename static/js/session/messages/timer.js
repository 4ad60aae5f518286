// @ts-check
// After how long the messages of a direct conversation disappear. Whoever of the two says so last decides; each message carries its own.
import { to_base64url } from "../../codec/base64url.js";
import { is_integer } from "../../codec/fields.js";
import { Talk2meError } from "../../errors.js";
import { LONGEST_TIMER } from "../../protocol/content_schema.js";
import { add_notice, tell_conversation } from "../conversation_log.js";
import { queue_content } from "../queue_content.js";
import { by_time, counted_time } from "./apply_change.js";
import { writable } from "./own_message.js";

/** @import { Content } from "../../protocol/content_schema.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */
/** @import { Taker } from "../take_content.js" */

/**
 * @param {Device} device
 * @param {{ conversation: string, seconds: number }} wish 0 for never
 * @throws {Talk2meError} `bad_request`, for a group as well: there it is one of the settings
 */
export async function set_timer(device, { conversation: id, seconds }) {
  if (!is_integer(seconds) || seconds > LONGEST_TIMER) throw new Talk2meError("bad_request");
  await device.store.transaction(async (changes) => {
    const conversation = await writable(changes, id);
    if (conversation.kind !== "direct") throw new Talk2meError("bad_request");
    if ((conversation.timer ?? 0) === seconds) return;
    const time = Math.max(device.now(), (conversation.timer_set?.time ?? 0) + 1);
    const { content_id } = queue_content(changes, device, conversation, { type: "timer", body: { seconds }, time });
    decide(conversation, seconds, { time, id: content_id });
    add_notice(changes, device, conversation, "timer_changed", device.own.account, { seconds });
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
    changes.after(() => device.tasks.flush(id));
  });
}

/** @type {Taker} */
export async function take_timer(changes, device, conversation, { author }, /** @type {Extract<Content, { type: "timer" }>} */ { id, time, body }) {
  if (conversation.kind !== "direct") return;
  const said = { time: counted_time({ time, received: device.now() }), id: to_base64url(id) };
  if (conversation.timer_set && by_time(conversation.timer_set, said) >= 0) return;
  const before = conversation.timer ?? 0;
  decide(conversation, body.seconds, said);
  if (before !== body.seconds) add_notice(changes, device, conversation, "timer_changed", author, { seconds: body.seconds });
}

/**
 * A device that came later has not heard of the timer: what is written says it. The person is told, since it decides about their own messages.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {{ author: string, timer?: number }} message
 */
export function learn_timer(changes, device, conversation, { author, timer }) {
  if (!timer || conversation.kind !== "direct" || conversation.timer_set || conversation.timer === timer) return;
  conversation.timer = timer;
  add_notice(changes, device, conversation, "timer_changed", author, { seconds: timer });
}

/** @param {Conversation} conversation @param {number} seconds @param {{ time: number, id: string }} said */
function decide(conversation, seconds, said) {
  Object.assign(conversation, { timer: seconds, timer_set: said });
}
