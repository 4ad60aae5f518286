// @ts-check
import { text } from "../texts.js";
import { format_last_seen } from "./format_last_seen.js";

/** @import { Device } from "../device_types.js" */
/** @import { Clock } from "./format_time.js" */

/**
 * @param {Device[]} devices
 * @returns {Device[]} this one, then those in use, the newest first, then those that were removed
 */
export function order_devices(devices) {
  return [...devices].sort(
    (one, other) => Number(other.own) - Number(one.own) || Number(other.active) - Number(one.active) || other.added - one.added,
  );
}

/**
 * @param {Device} device
 * @param {Clock} clock
 * @returns {string}
 */
export function device_hint({ active, idle, last_seen, own }, clock) {
  if (!active) return text("device_removed");
  if (own) return text("device_in_use");
  const seen = format_last_seen(last_seen, clock);
  return idle ? text("device_idle", { seen }) : seen;
}
