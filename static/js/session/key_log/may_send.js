// @ts-check
import { is_verified } from "../refresh_contact.js";
import { get_held, log_state, witness_wish } from "./held_log.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Contact } from "../records.js" */

/**
 * Whether something may leave for this person now: while the log is not as it should be, only for those whose key was compared.
 * @param {Store | Changes} store
 * @param {Contact | undefined} contact
 * @param {number} now
 */
export async function may_send(store, contact, now) {
  if (is_verified(contact)) return true;
  return log_state(await get_held(store), (await witness_wish(store)).quorum, now) === "ok";
}
