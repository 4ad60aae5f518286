// @ts-check
import { is_verified } from "../refresh_contact.js";
import { get_held, log_state, witness_wish } from "./held_log.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Contact } from "../records.js" */

/**
 * Who may be sent to now: while the log is not as it should be, only those whose key was compared; and nobody else of whom the log
 * has something newer than what is known.
 * @param {Store | Changes} store
 * @param {number} now
 * @returns {Promise<(contact: Contact | undefined) => boolean>}
 */
export async function who_may_be_sent_to(store, now) {
  const held = await get_held(store);
  const is_well = log_state(held, (await witness_wish(store)).quorum, now) === "ok";
  const in_doubt = new Set((held?.pending ?? []).map(({ account }) => account));
  return (contact) => is_verified(contact) || (is_well && !in_doubt.has(contact?.account ?? ""));
}
