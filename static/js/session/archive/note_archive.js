// @ts-check
// What is to be archived is noted in the transaction that stores it; it leaves later.
import { sortable } from "../records.js";
import { is_archive_on } from "./archive_state.js";

/** @import { PartName, StatePart } from "../../protocol/group_state.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { ChangeRecord, Conversation, Message } from "../records.js" */
/**
 * @typedef {{ key: string, due: number } & ({ type: "message", conversation: string, id: string, order: number } |
 *   { type: "change", conversation: string, change: ChangeRecord } | { type: "vault", version: number, hash: Uint8Array } |
 *   { type: "state", conversation: string, part: PartName, state: StatePart, time: number })} Noted `due`: not written before, ms
 */

// Of several devices that have got the same message one writes it, and the others see it come: milliseconds.
const LEAST_WAIT = 2_000;
const MORE_WAIT = 3_000;
// What an archive holds; others are for the devices that have them.
const TYPES = new Set(["text"]);

export const NOTED = "a/";

/** @param {{ received: number, id: string }} message */
export const noted_key = ({ received, id }) => `${NOTED}${sortable(received)}/${id}`;

/** The same on every device. @param {ChangeRecord} change */
export const noted_change_key = ({ time, author, id }) => `${NOTED}${sortable(time)}/c/${author}/${id}`;

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {Message} message altered in place; the caller stores it
 * @param {{ at_once?: boolean }} [wish] `at_once`: this device has sent it
 */
export async function note_message(changes, device, conversation, message, { at_once = false } = {}) {
  if (message.archived || !(await goes_in(changes, conversation, message))) return;
  message.archived = true;
  const wait = at_once ? 0 : some_wait(device);
  const { id, order } = message;
  /** @type {Noted} */
  const noted = { key: noted_key(message), due: device.now() + wait, type: "message", conversation: conversation.id, id, order };
  changes.put("outbox", noted.key, noted);
  changes.after(() => device.tasks.archive(wait));
}

/**
 * What was done to a message that goes in.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {Message} message
 * @param {ChangeRecord} change that was applied
 * @param {{ at_once?: boolean }} [wish]
 */
export async function note_change(changes, device, conversation, message, change, { at_once = false } = {}) {
  if (change.archived || !(await goes_in(changes, conversation, message))) return;
  const wait = at_once ? 0 : some_wait(device);
  const key = noted_change_key(change);
  /** @type {Noted} */
  const noted = { key, due: device.now() + wait, type: "change", conversation: conversation.id, change };
  changes.put("outbox", key, noted);
  changes.after(() => device.tasks.archive(wait));
}

/** @param {Device} device */
const some_wait = (device) => LEAST_WAIT + Math.floor((MORE_WAIT * device.random(1)[0]) / 256);

/**
 * What disappears from the devices must not stay there.
 * @param {Changes} changes
 * @param {Conversation} conversation
 * @param {Message} message
 */
async function goes_in(changes, conversation, { type, own, status, timer }) {
  const has_left = !own || (status !== "waiting" && status !== "failed");
  return TYPES.has(type) && has_left && !timer && conversation.archive !== false && (await is_archive_on(changes));
}

/**
 * What a group has agreed on: a device that joins it by itself later has nobody to ask who is sure to be there.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {PartName} part
 * @param {StatePart} state
 */
export async function note_state(changes, device, conversation, part, state) {
  if (conversation.archive === false || !(await is_archive_on(changes))) return;
  const [wait, now] = [some_wait(device), device.now()];
  const key = `${NOTED}${sortable(now)}/s/${conversation.id}/${part}`;
  /** @type {Noted} */
  const noted = { key, due: now + wait, type: "state", conversation: conversation.id, part, state, time: now };
  changes.put("outbox", key, noted);
  changes.after(() => device.tasks.archive(wait));
}

/**
 * Says in the archive which vault this device has written.
 * @param {Changes} changes
 * @param {Device} device
 * @param {{ version: number, hash: Uint8Array }} vault SHA-256 of its bytes
 */
export async function note_vault(changes, device, { version, hash }) {
  if (!(await is_archive_on(changes))) return;
  const key = `${NOTED}${sortable(device.now())}/v${version}`;
  changes.put("outbox", key, { key, due: device.now(), type: "vault", version, hash });
  changes.after(() => device.tasks.archive(0));
}
