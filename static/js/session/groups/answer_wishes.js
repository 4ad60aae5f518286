// @ts-check
// A device that has joined by itself may not know what its group has agreed on: it asks, and one of those who know answers.
import { equal, to_hex } from "../../codec/bytes.js";
import { queue_content } from "../queue_content.js";
import { unread_parts } from "./group_rules_of.js";
import { PARTS } from "../../protocol/group_parts.js";
import { describe } from "../../protocol/mls.js";

/** @import { Content } from "../../protocol/content_schema.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, GroupRecord, StateContent } from "../records.js" */
/** @import { Taker } from "../take_content.js" */

// Whoever changes something sends it at once: only what is still missing then is asked for. Milliseconds.
const WISH_WAIT = 3_000;
const WISH_AGAIN = 20_000;
// Of many who know one answers, and the others see it.
const ANSWER_SPREAD = 2_000;
// However often somebody asks.
const ANSWER_AGAIN = 5_000;

/** @type {WeakMap<Device, Map<string, number>>} when each part was last shown in its mailbox */
const shown = new WeakMap();
/** @type {WeakMap<Device, Set<string>>} groups of which a look is due */
const looking = new WeakMap();

/** @param {Device} device @param {string} mailbox @param {Uint8Array} hash */
export function note_shown(device, mailbox, hash) {
  if (!shown.has(device)) shown.set(device, new Map());
  shown.get(device)?.set(`${mailbox}/${to_hex(hash)}`, device.now());
}

/** @param {Device} device @param {string} mailbox @param {Uint8Array} hash @returns {number} ms, 0 for never */
function last_shown(device, mailbox, hash) {
  return shown.get(device)?.get(`${mailbox}/${to_hex(hash)}`) ?? 0;
}

/** Asks, a little later, for what this device has not read by then. @param {Device} device @param {Conversation} conversation */
export async function look_for_state(device, { id, group: record, state }) {
  if (!record || state !== "active" || looking.get(device)?.has(id)) return;
  const group = await device.groups.find(id);
  if (!group || unread_parts(group, record).length === 0) return;
  if (!looking.has(device)) looking.set(device, new Set());
  look_later(device, id, WISH_WAIT);
}

/** @param {Device} device @param {string} id @param {number} wait ms */
function look_later(device, id, wait) {
  looking.get(device)?.add(id);
  device.later(wait, async () => {
    looking.get(device)?.delete(id);
    await wish_state(device, id);
  });
}

/** @param {Device} device @param {string} id */
async function wish_state(device, id) {
  const group = await device.groups.find(id);
  await device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    if (!group || !conversation?.group || conversation.state !== "active") return;
    const { hashes } = describe(group);
    const wanted = unread_parts(group, conversation.group);
    if (!hashes || wanted.length === 0) return;
    const since = Math.abs(device.now() - (conversation.group.wished ?? 0));
    // It may have been for something else.
    if (since < WISH_AGAIN) {
      changes.after(() => look_later(device, id, WISH_AGAIN - since));
      return;
    }
    conversation.group.wished = device.now();
    queue_content(changes, device, conversation, { type: "state_wish", body: { hashes: wanted.map((part) => hashes[part]) } });
    changes.put("conversations", id, conversation);
    changes.after(() => device.tasks.flush(id));
  });
}

/** @type {Taker} */
export async function take_state_wish(_changes, device, conversation, { device: by }, /** @type {Extract<Content, { type: "state_wish" }>} */ { body }) {
  if (conversation.state !== "active" || !conversation.group || by === device.own.device) return;
  const { id } = conversation;
  const asked = device.now();
  const spread = (device.random(1)[0] / 256) * ANSWER_SPREAD;
  for (const hash of body.hashes) {
    const wait = Math.max(0, last_shown(device, id, hash) + ANSWER_AGAIN - asked);
    device.later(Math.min(wait, ANSWER_AGAIN) + spread, () => answer_wish(device, id, hash, asked));
  }
}

/** @param {Device} device @param {string} id @param {Uint8Array} hash @param {number} asked ms */
async function answer_wish(device, id, hash, asked) {
  if (last_shown(device, id, hash) > asked) return;
  await device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    const states = conversation?.state === "active" ? states_of(conversation.group, hash) : [];
    if (!conversation || states.length === 0) return;
    note_shown(device, id, hash);
    for (const body of states) queue_content(changes, device, conversation, { type: "state", body });
    changes.put("conversations", id, conversation);
    changes.after(() => device.tasks.flush(id));
  });
}

/** @param {GroupRecord | undefined} record @param {Uint8Array} [hash] @returns {StateContent[]} what is in force, or that of it which has the hash */
export function states_of(record, hash) {
  return PARTS.flatMap((part) => {
    const held = record?.[part];
    return held && (!hash || equal(held.hash, hash)) ? [{ part, salt: held.salt, value: held.value }] : [];
  });
}
