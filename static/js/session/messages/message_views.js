// @ts-check
// Messages as the interface sees them: people by name, reactions counted, quotes as they read here.
import { content_index_id, message_id } from "../records.js";
import { to_file_view } from "../files/file_record.js";
import { blocked_accounts } from "../people/blocked.js";
import { beginning } from "./message_body.js";

/** @import { Store } from "../../store/store.js" */
/** @import { Conversation, Message, Reply } from "../records.js" */
/** @typedef {Map<string, string>} Names by account */
/** @typedef {{ account: string, username: string }} Person */

/**
 * @param {Store} store
 * @param {string} conversation
 * @param {Message[]} messages
 * @param {number} now
 */
export async function to_views(store, conversation, messages, now) {
  const [own, blocked, read_order, originals] = await Promise.all([
    own_account(store),
    blocked_accounts(store),
    store.get("conversations", conversation).then((/** @type {Conversation | undefined} */ found) => found?.read_order ?? 0),
    originals_of(store, conversation, messages),
  ]);
  const names = await names_of(store, messages.flatMap((message) => people_in(message, originals)));
  return messages.map((message) => to_view(message, { own, conversation, blocked, read_order, originals, names, now }));
}

/**
 * @param {Message} message
 * @param {{ own: string, conversation: string, blocked: Set<string>, read_order: number, originals: Map<string, Message | null>, names: Names, now: number }} known
 */
function to_view(message, { own, conversation, blocked, read_order, originals, names, now }) {
  const { author, about, reply, mentions, files, reactions, pinned, expires, shared_by, ...rest } = message;
  for (const name of /** @type {const} */ (["edits", "edit", "receipts"])) delete rest[name];
  const person = (/** @type {string} */ account) => to_person(names, account);
  const shown = Object.values(reactions ?? {}).some(({ emoji }) => emoji !== null);
  return {
    ...rest,
    author: person(author),
    // In a direct conversation nothing of theirs comes any more.
    ...(blocked.has(author) && author !== conversation ? { blocked: /** @type {const} */ (true) } : {}),
    ...(about ? { about: about.map(person) } : {}),
    ...(shared_by ? { shared_by: person(shared_by) } : {}),
    ...(reply ? { reply: to_quote(reply, originals.get(reply.id), person) } : {}),
    ...(mentions ? { mentions: mentions.map(person) } : {}),
    ...(files ? { files: files.map((file) => to_file_view(file, now)) } : {}),
    ...(reactions && shown ? { reactions: count_reactions(reactions, own, names) } : {}),
    ...(pinned?.on ? { pinned: { by: person(pinned.by), time: pinned.time } } : {}),
    // Until it is read here, nobody has to hurry.
    ...(expires !== undefined && (message.own || message.order <= read_order) ? { expires } : {}),
  };
}

/**
 * What the sender says was said is only shown where nobody here knows better.
 * @param {Reply} reply
 * @param {Message | null | undefined} original null for one that was deleted for this account
 * @param {(account: string) => Person} person
 */
function to_quote({ id, author, text }, original, person) {
  if (original) return { id, author: person(original.author), text: beginning(original), here: true };
  return { id, author: person(author), text: original === null ? "" : text, here: false };
}

/** @param {NonNullable<Message["reactions"]>} reactions @param {string} own @param {Names} names */
function count_reactions(reactions, own, names) {
  /** @type {Map<string, { emoji: string, count: number, own: boolean, people: string[] }>} */
  const counted = new Map();
  const in_order = Object.entries(reactions).sort(([, a], [, b]) => a.time - b.time);
  for (const [account, { emoji }] of in_order) {
    if (emoji === null) continue;
    const entry = counted.get(emoji) ?? { emoji, count: 0, own: false, people: [] };
    entry.count += 1;
    entry.own ||= account === own;
    entry.people.push(names.get(account) ?? "");
    counted.set(emoji, entry);
  }
  return [...counted.values()];
}

/** @param {Store} store @param {string} conversation @param {Message[]} messages @returns {Promise<Map<string, Message | null>>} by id, null for one that was deleted here */
export async function originals_of(store, conversation, messages) {
  const ids = [...new Set(messages.flatMap(({ reply }) => (reply ? [reply.id] : [])))];
  const indexes = await store.get_many("messages", ids.map((id) => content_index_id(conversation, id)));
  const here = ids.flatMap((id, at) => (indexes[at] ? [{ id, order: indexes[at].order }] : []));
  const found = await store.get_many("messages", here.map(({ order }) => message_id(conversation, order)));
  return new Map(here.map(({ id }, at) => [id, found[at]?.id === id ? found[at] : null]));
}

/** @param {Message} message @param {Map<string, Message | null>} originals */
function people_in({ author, about = [], mentions = [], reactions = {}, reply, pinned, shared_by = author }, originals) {
  const quoted = reply ? [originals.get(reply.id)?.author ?? reply.author] : [];
  return [author, shared_by, ...about, ...mentions, ...Object.keys(reactions), ...quoted, ...(pinned ? [pinned.by] : [])];
}

/** @param {Store} store @param {string[]} accounts @returns {Promise<Names>} */
export async function names_of(store, accounts) {
  const wanted = [...new Set(accounts)];
  const contacts = await store.get_many("contacts", wanted);
  return new Map(wanted.map((account, at) => [account, contacts[at]?.chain.username ?? ""]));
}

/** @param {Names} names @param {string} account @returns {Person} */
const to_person = (names, account) => ({ account, username: names.get(account) ?? "" });

/** @param {Store} store @returns {Promise<string>} */
async function own_account(store) {
  return (await store.get("meta", "profile"))?.account ?? "";
}
