// @ts-check
// Who is writing just now: said by a signal that the server only passes on, and forgotten after a few seconds.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { describe } from "../../protocol/mls.js";
import { open_typing, seal_typing } from "../../protocol/typing.js";
import { choose_mailbox } from "../choose_mailbox.js";
import { is_blocked } from "../people/blocked.js";
import { get_settings } from "../settings.js";

/** @import { Device } from "../device.js" */
/** @import { Conversation, Cursor } from "../records.js" */

/** How long one signal counts: milliseconds. */
export const LIFE = 8_000;
// Who goes on writing says so again before it ends.
const REST = 4_000;
// As clocks of honest devices may differ.
const SLACK = 600_000;

/** @typedef {{ sent: Map<string, number>, seen: Map<string, number>, shown: Map<string, number> }} Memory by conversation when this device
 *   last said so; by device the time in its last signal; by conversation and account until when it is shown */
/** @type {WeakMap<Device, Memory>} */
const memories = new WeakMap();

/** @param {Device} device @returns {Memory} */
function memory_of(device) {
  const memory = memories.get(device) ?? { sent: new Map(), seen: new Map(), shown: new Map() };
  memories.set(device, memory);
  return memory;
}

/**
 * The person is writing. Nothing is said where the setting is off, nor to somebody new.
 * @param {Device} device
 * @param {{ conversation: string }} wish
 */
export async function typing(device, { conversation: id }) {
  const { sent } = memory_of(device);
  const now = device.now();
  if (!device.online || Math.abs(now - (sent.get(id) ?? -Infinity)) < REST) return;
  if (!(await get_settings(device.store)).typing) return;
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", id);
  const mailbox = choose_mailbox(conversation?.mailboxes ?? []);
  if (conversation?.state !== "active" || !mailbox || (await is_behind(device, mailbox))) return;
  sent.set(id, now);
  const group = await device.groups.find(mailbox);
  if (!group) return;
  const body = await seal_typing(group, { device: from_base64url(device.own.device), time: now }, device.random);
  try {
    await device.request({ type: "signal.send", mailbox: from_base64url(mailbox), body });
  } catch (error) {
    // Nobody misses it.
    if (!(error instanceof Talk2meError)) throw error;
  }
}

/**
 * @param {Device} device
 * @param {string} mailbox
 * @param {unknown} body of a signal
 */
export async function take_signal(device, mailbox, body) {
  if (!(body instanceof Uint8Array)) return;
  /** @type {Cursor | undefined} */
  const cursor = await device.store.get("cursors", mailbox);
  /** @type {Conversation | undefined} */
  const conversation = cursor && (await device.store.get("conversations", cursor.conversation));
  const group = conversation?.state === "active" && (await device.groups.find(mailbox));
  if (!group) return;
  const signal = await open_typing(group, body);
  if (!signal) return;
  const by = describe(group).members.find((member) => to_base64url(member.device) === to_base64url(signal.device));
  const account = by ? to_base64url(by.account) : device.own.account;
  if (account === device.own.account || (await is_blocked(device.store, account)) || !is_news(device, `${mailbox}/${to_base64url(signal.device)}`, signal.time)) return;
  const until = device.now() + LIFE;
  memory_of(device).shown.set(`${conversation.id}/${account}`, until);
  device.emit("typing", { conversation: conversation.id, account, until });
}

/** What was shown already, or is of another day, the server plays back. @param {Device} device @param {string} by @param {number} time */
function is_news(device, by, time) {
  const { seen } = memory_of(device);
  if (Math.abs(time - device.now()) > SLACK || time <= (seen.get(by) ?? 0)) return false;
  seen.set(by, time);
  return true;
}

/** What was being written has come. @param {Device} device @param {string} conversation @param {string} account */
export function end_typing(device, conversation, account) {
  const { shown } = memory_of(device);
  const key = `${conversation}/${account}`;
  if (!shown.delete(key)) return;
  device.emit("typing", { conversation, account, until: 0 });
}

/** @param {Device} device @param {string} mailbox */
async function is_behind(device, mailbox) {
  return (await device.store.get("cursors", mailbox))?.behind ?? true;
}
