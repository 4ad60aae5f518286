// @ts-check

/** @import { Device } from "../device.js" */
/**
 * @typedef {{ id: string, state: "uploading" | "downloading" | "paused" | "done" | "failed", done: number, total: number, error?: string }} Progress
 *   bytes as they travel
 */

/** To every page. @param {Device} device @param {Progress} progress */
export function tell_progress(device, progress) {
  device.emit("file", progress);
}
