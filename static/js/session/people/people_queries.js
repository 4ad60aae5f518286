// @ts-check
// What the interface is told of people and of conversations by what a person has decided about them.
import { get_settings } from "../settings.js";
import { NOTES } from "../notes/lost_notes.js";
import { block_setting, blocked_accounts } from "./blocked.js";
import { mute_setting } from "./mute.js";

/** @import { Store } from "../../store/store.js" */
/** @import { Last } from "../messages/name_authors.js" */

/**
 * @template {{ id: string, kind: string, peer: { account: string }, last: Last | null }} T
 * @param {Store} store
 * @param {T[]} entries where the author of the last message is an account
 * @returns {Promise<(T & { blocked: boolean, muted: number, notes: boolean })[]>}
 */
export async function mark_entries(store, entries) {
  const settings = await get_settings(store);
  return entries.map((entry) => ({
    ...entry,
    last: entry.last && entry.kind === "group" ? fold_last(entry.last, settings) : entry.last,
    blocked: entry.kind === "direct" && settings[block_setting(entry.peer.account)] === true,
    muted: settings[mute_setting(entry.id)] ?? 0,
    notes: settings[NOTES] === entry.id,
  }));
}

/** What is folded away in a group says nothing in the list either. @param {Last} last @param {Record<string, any>} settings @returns {Last} */
function fold_last(last, settings) {
  if (last.own || settings[block_setting(last.author ?? "")] !== true) return last;
  return { ...last, text: "", files: [], blocked: true };
}

/** @param {Store} store @returns {Promise<{ account: string, username: string }[]>} by name */
async function list_blocked(store) {
  const accounts = [...(await blocked_accounts(store))];
  const contacts = await store.get_many("contacts", accounts);
  const people = accounts.map((account, at) => ({ account, username: contacts[at]?.chain.username ?? "" }));
  return people.sort((a, b) => (a.username < b.username ? -1 : 1));
}

export const PEOPLE_QUERIES = { blocked: list_blocked };
