// @ts-check
// What a person does to a message that is there: it counts here at once, and leaves as soon as it can.
import { to_base64url } from "../../codec/base64url.js";
import { is_well_formed } from "../../codec/bytes.js";
import { is_text } from "../../codec/fields.js";
import { Talk2meError } from "../../errors.js";
import { MOST_MENTIONS, TEXT_LIMIT } from "../../protocol/content_schema.js";
import { accept_in } from "../accept_request.js";
import { tell_conversation } from "../conversation_log.js";
import { queue_content } from "../queue_content.js";
import { is_emoji } from "./apply_change.js";
import { to_change } from "./change_body.js";
import { change_message } from "./change_message.js";
import { find_message } from "./find_message.js";
import { kept_for, writable } from "./own_message.js";

/** @import { Device } from "../device.js" */
/** @import { ChangeRecord, Message } from "../records.js" */
/** @typedef {{ conversation: string, id: string }} Which */
/** @typedef {Pick<ChangeRecord, "type" | "text" | "mentions" | "emoji" | "pinned"> & { after: number }} Wanted `after`: the time of what it replaces */

/**
 * @param {Device} device
 * @param {Which & { text: string, mentions?: string[] }} wish
 * @throws {Talk2meError} `text_invalid`, `not_found` for what this account has not written
 */
export async function edit_message(device, { text, mentions, ...which }) {
  if (!is_text(text, 1, TEXT_LIMIT) || !is_well_formed(text)) throw new Talk2meError("text_invalid");
  await change_own(device, which, (message) => {
    if (!message.own) throw new Talk2meError("not_found");
    if (message.text === text) return null;
    const after = message.edited ?? message.time;
    return { type: "edit", text, ...(mentions?.length ? { mentions: [...new Set(mentions)].slice(0, MOST_MENTIONS) } : {}), after };
  });
}

/**
 * One for each person and message; another takes its place.
 * @param {Device} device
 * @param {Which & { emoji: string | null }} wish null takes it back
 */
export async function react(device, { emoji, ...which }) {
  if (emoji !== null && !(is_text(emoji, 1, 32) && is_emoji(emoji))) throw new Talk2meError("text_invalid");
  await change_own(device, which, ({ reactions }) => {
    const before = reactions?.[device.own.account];
    return (before?.emoji ?? null) === emoji ? null : { type: "reaction", emoji, after: before?.time ?? 0 };
  });
}

/** @param {Device} device @param {Which & { pinned: boolean }} wish */
export async function pin_message(device, { pinned, ...which }) {
  if (typeof pinned !== "boolean") throw new Talk2meError("bad_request");
  await change_own(device, which, ({ pinned: before }) => {
    return (before?.on ?? false) === pinned ? null : { type: "pin", pinned, after: before?.time ?? 0 };
  });
}

/**
 * @param {Device} device
 * @param {Which} which
 * @param {(message: Message) => Wanted | null} want null where it is so already
 */
export async function change_own(device, { conversation: id, id: to }, want) {
  await device.store.transaction(async (changes) => {
    const conversation = await writable(changes, id);
    const message = await find_message(changes, id, to);
    if (message?.type !== "text" || message.deleted) throw new Talk2meError("not_found");
    const wanted = want(message);
    if (!wanted) return;
    const { after, ...said } = wanted;
    // Whoever answers has accepted.
    await accept_in(changes, device, conversation);
    const now = device.now();
    /** @type {ChangeRecord} */
    const change = { ...said, to, author: device.own.account, id: to_base64url(device.random(16)), time: Math.max(now, after + 1), received: now };
    const { type, body } = to_change(change);
    queue_content(changes, device, conversation, { type: /** @type {"edit"} */ (type), body, content_id: change.id, time: change.time, ...kept_for(message) });
    await change_message(changes, device, conversation, change);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
    changes.after(() => device.tasks.flush(id));
  });
}
