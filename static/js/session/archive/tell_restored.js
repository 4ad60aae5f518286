// @ts-check
// Who shows conversations is told of what comes out of the archive at once, then once a second: showing a piece takes longer than
// storing it.

/** @import { Device } from "../device.js" */
/** @typedef {{ conversations: Iterable<string>, is_list_changed: boolean }} Restored ids; `is_list_changed`: not only older messages */

const TELL_WAIT = 1_000;

/** @type {WeakMap<Device, { conversations: Set<string>, is_list_changed: boolean }>} what those will tell that have just told */
const waiting = new WeakMap();

/** @param {Device} device @param {Restored} restored */
export function tell_restored(device, { conversations, is_list_changed }) {
  const next = waiting.get(device);
  if (next) {
    for (const id of conversations) next.conversations.add(id);
    next.is_list_changed ||= is_list_changed;
    return;
  }
  for (const id of conversations) {
    device.emit("messages", { conversation: id });
    device.tasks.index(id);
  }
  if (is_list_changed) device.emit("conversations");
  hold_back(device);
}

/** @param {Device} device */
function hold_back(device) {
  const next = { conversations: new Set(), is_list_changed: false };
  waiting.set(device, next);
  device.later(TELL_WAIT, async () => {
    waiting.delete(device);
    if (next.conversations.size > 0) tell_restored(device, next);
  });
}
