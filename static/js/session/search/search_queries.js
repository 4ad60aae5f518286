// @ts-check
// Search as the interface asks for it (docs/browser_layers.md, Queries).
import { find_messages } from "./find_messages.js";

/** @import { Store } from "../../store/store.js" */
/** @import { Wish } from "./find_messages.js" */

/** @param {Store} store @param {Wish} wish */
async function search(store, wish) {
  const found = await find_messages(store, wish);
  const authors = [...new Set(found.map(({ message }) => message.author))];
  const contacts = await store.get_many("contacts", authors);
  const names = new Map(authors.map((author, at) => [author, contacts[at]?.chain.username ?? ""]));
  return found.map(({ conversation, message: { id, order, time, author }, text, ranges }) => ({
    ...{ conversation, id, order, time, text, ranges },
    author: { account: author, username: names.get(author) },
  }));
}

export const SEARCH_QUERIES = { search };
