// @ts-check
// Whom a person wants to hear nothing of. Kept among the account's settings, so that all its devices know: of two decisions the later
// counts. The blocked account is told nothing, and neither is the server.
import { get_settings } from "../settings.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Conversation } from "../records.js" */

const PREFIX = "blocked/";

/** @param {string} account */
export const block_setting = (account) => `${PREFIX}${account}`;

/** @param {Store | Changes} store @returns {Promise<Set<string>>} accounts */
export async function blocked_accounts(store) {
  const settings = Object.entries(await get_settings(store));
  return new Set(settings.filter(([name, value]) => name.startsWith(PREFIX) && value === true).map(([name]) => name.slice(PREFIX.length)));
}

/** @param {Store | Changes} store @param {string} account */
export async function is_blocked(store, account) {
  return (await get_settings(store))[block_setting(account)] === true;
}

/**
 * Nothing of it is stored and nothing is said about it. In groups it is there for the others, and the interface folds it.
 * @param {Changes} changes
 * @param {Conversation} conversation
 * @param {{ author: string, own: boolean }} from
 */
export async function is_dropped(changes, { kind }, { author, own }) {
  return kind === "direct" && !own && is_blocked(changes, author);
}
