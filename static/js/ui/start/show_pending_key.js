// @ts-check
import { show_screen } from "./show_screen.js";

/** @import { Context } from "../context.js" */

/**
 * Shows the recovery key that nobody has confirmed yet, to be written down and confirmed.
 * @param {Element} element inside a screen
 * @param {Context} context
 * @returns {Promise<boolean>} false when this browser does not have it: one that was linked never had it, there all of it is asked
 */
export async function show_pending_key(element, { session }) {
  const key = await session.commands.pending_recovery_key();
  if (key !== null) show_screen(element, "recovery");
  return key !== null;
}
