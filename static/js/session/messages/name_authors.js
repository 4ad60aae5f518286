// @ts-check
// In a group the list of conversations says who wrote last.

/** @import { Store } from "../../store/store.js" */
/** @import { Contact, LastMessage } from "../records.js" */
/** @typedef {Omit<LastMessage, "order">} Last */

/**
 * @template {{ kind: string, last: Last | null }} Entry
 * @param {Store} store
 * @param {Entry[]} entries of the list of conversations, where the author of the last message is an account
 * @returns {Promise<Entry[]>} where it is a name, and left out where there is but one other
 */
export async function name_authors(store, entries) {
  const accounts = entries.map(({ kind, last }) => (kind === "group" && last?.author) || "");
  /** @type {(Contact | undefined)[]} */
  const contacts = await store.get_many("contacts", accounts);
  return entries.map((entry, at) => {
    const author = contacts[at]?.chain.username;
    return { ...entry, last: entry.last && { ...without_author(entry.last), ...(author === undefined ? {} : { author }) } };
  });
}

/** @param {Last} last */
function without_author({ author: _author, ...last }) {
  return last;
}
