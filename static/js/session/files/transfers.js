// @ts-check
// What travels now, by the file's id, so that a person can stop it.

/** @import { Device } from "../device.js" */

/** @type {WeakMap<Device, Map<string, AbortController>>} */
const transfers = new WeakMap();

/**
 * @template T
 * @param {Device} device
 * @param {string} id
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function as_transfer(device, id, work) {
  const running = transfers.get(device) ?? new Map();
  transfers.set(device, running);
  const controller = new AbortController();
  running.set(id, controller);
  try {
    return await work(controller.signal);
  } finally {
    if (running.get(id) === controller) running.delete(id);
  }
}

/** @param {Device} device @param {string} id */
export function stop_transfer(device, id) {
  transfers.get(device)?.get(id)?.abort();
}
