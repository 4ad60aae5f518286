// @ts-check
import { text } from "../texts.js";
import { counted } from "./plural.js";

/** @import { Losses } from "../device_types.js" */

/**
 * @param {Losses} losses
 * @returns {string[]} what would be gone with this browser; empty when nothing
 */
export function loss_words({ unarchived, archive_on, recovery_confirmed, other_devices }) {
  const last = other_devices === 0;
  return [
    ...(last ? [text("loss_last_device")] : []),
    ...(recovery_confirmed ? [] : [text(last ? "loss_unconfirmed_last" : "loss_unconfirmed")]),
    ...(archive_on ? [] : [text("loss_archive_off")]),
    ...(archive_on && unarchived > 0 ? [counted("loss_unarchived", unarchived)] : []),
  ];
}
