// @ts-check
/** @import { Recovery } from "../device_types.js" */

/** @typedef {"reset_announced" | "recovery_announced" | "renewal" | "confirm" | "check"} ReminderKind */

/**
 * One at a time, the most urgent first: what somebody else may be doing comes before what is only prudent.
 * @param {Recovery} recovery
 * @returns {ReminderKind | null}
 */
export function reminder_for({ confirmed, reminder_due, announced, renewal_needed, reset_from }) {
  if (reset_from !== null) return "reset_announced";
  if (announced !== null && !announced.own) return "recovery_announced";
  if (reminder_due && !confirmed) return "confirm";
  if (reminder_due && renewal_needed) return "renewal";
  return reminder_due ? "check" : null;
}
