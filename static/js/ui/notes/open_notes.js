// @ts-check
import { while_busy } from "../kit/busy.js";

/** @import { Context } from "../context.js" */

/**
 * Opens the notes to oneself, which the first time are made.
 * @param {HTMLElement} button what was pressed for it
 * @param {Context} context
 * @returns {Promise<boolean>} false when they could not be made, which has been said
 */
export async function open_notes(button, { session, router, toasts }) {
  try {
    const opened = await while_busy(button, () => session.commands.open_notes());
    if (opened === undefined) return false;
    router.go({ name: "conversation", id: opened.conversation, contact: false });
    return true;
  } catch (error) {
    toasts.warn_about(error);
    return false;
  }
}
