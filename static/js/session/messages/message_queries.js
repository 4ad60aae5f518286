// @ts-check
// What the interface reads of messages.
import { message_id, message_prefix, pin_prefix } from "../records.js";
import { query_draft } from "./drafts.js";
import { find_message } from "./find_message.js";
import { names_of, to_views } from "./message_views.js";

/** @import { Store } from "../../store/store.js" */
/** @import { Conversation, Message } from "../records.js" */
/** @typedef {{ conversation: string, before?: number, after?: number, around?: number, limit: number }} Part */

/** Of those pinned last. */
const MOST_PINNED = 20;

/** The oldest first. @param {Store} store @param {Part} part @param {number} now */
async function some_messages(store, part, now) {
  return to_views(store, part.conversation, await list_part(store, part), now);
}

/**
 * @param {Store} store
 * @param {Part} part `around`: as many before it as from it on
 * @returns {Promise<Message[]>}
 */
async function list_part(store, { conversation, before, after, around, limit }) {
  if (around !== undefined) {
    const half = Math.ceil(limit / 2);
    const older = limit > half ? await list_part(store, { conversation, before: around, limit: limit - half }) : [];
    return [...older, ...(await list_part(store, { conversation, after: around - 1, limit: half }))];
  }
  const newest_first = after === undefined;
  const rows = await store.list("messages", {
    prefix: message_prefix(conversation),
    ...(before === undefined ? {} : { before: message_id(conversation, before) }),
    ...(after === undefined ? {} : { after: message_id(conversation, after) }),
    newest_first,
    limit,
  });
  const messages = rows.map(({ value }) => value);
  return newest_first ? messages.reverse() : messages;
}

/** @param {Store} store @param {{ conversation: string, id: string }} of @param {number} now */
async function message_details(store, { conversation: id, id: content_id }, now) {
  const message = await find_message(store, id, content_id);
  if (!message) return null;
  const [view] = await to_views(store, id, [message], now);
  /** @type {Conversation} */
  const conversation = await store.get("conversations", id);
  const { receipts = {}, edits = [], own, shared_by } = message;
  const others = conversation.group ? conversation.group.members.map(({ account }) => account) : [conversation.peer];
  const accounts = own ? [...new Set([...others, ...Object.keys(receipts)])].filter((account) => account !== message.author) : [];
  const names = await names_of(store, accounts);
  return {
    message: view,
    // What one that was given said at first, nobody has told.
    edits: edits.slice(shared_by ? 1 : 0).map(({ text, time }) => ({ text, time })),
    receipts: accounts.map((account) => ({ account, username: names.get(account), ...receipts[account] })),
  };
}

/** What was pinned last first. @param {Store} store @param {{ conversation: string }} of @param {number} now */
async function pinned_messages(store, { conversation }, now) {
  const rows = await store.list("messages", { prefix: pin_prefix(conversation) });
  const newest = rows.map(({ value }) => value).sort((a, b) => b.time - a.time).slice(0, MOST_PINNED);
  const found = await store.get_many("messages", newest.map(({ order }) => message_id(conversation, order)));
  return to_views(store, conversation, found.filter((message) => message?.pinned?.on), now);
}

export const MESSAGE_QUERIES = {
  messages: some_messages,
  message_details,
  pinned: pinned_messages,
  draft: query_draft,
};
