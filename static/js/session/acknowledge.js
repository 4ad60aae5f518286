// @ts-check
// Tells the server how far each mailbox was stored. Several within a moment become one frame for each mailbox.
import { from_base64url } from "../codec/base64url.js";

/** @import { Device } from "./device.js" */

const WAIT = 200;

/** @type {WeakMap<Device, Map<string, number>>} */
const waiting = new WeakMap();

/** @param {Device} device @param {string} mailbox @param {number} sequence stored, with all before it */
export function acknowledge(device, mailbox, sequence) {
  const queued = waiting.get(device);
  if (queued) {
    queued.set(mailbox, Math.max(sequence, queued.get(mailbox) ?? 0));
    return;
  }
  waiting.set(device, new Map([[mailbox, sequence]]));
  device.later(WAIT, () => send(device));
}

/** @param {Device} device */
async function send(device) {
  const queued = waiting.get(device) ?? new Map();
  waiting.delete(device);
  // One that gets lost is made up for when the socket is back: the server then says how far it knows.
  await Promise.allSettled(
    [...queued].map(([mailbox, sequence]) =>
      device.request({ type: "envelope.acknowledge", mailbox: from_base64url(mailbox), sequence }),
    ),
  );
}
