// @ts-check
// What has all the words that somebody looks for. The index says where it may be; what is shown is looked at itself, so that what
// has been edited or deleted since is not found by what it no longer says.
import { message_id, message_prefix, ORDER_STEP } from "../records.js";
import { COVERED } from "./index_messages.js";
import { open_segments } from "./open_segments.js";
import { find_in, prefix_of, wanted_terms } from "./search_terms.js";
import { searchable_text } from "./searchable.js";

/** @import { Store } from "../../store/store.js" */
/** @import { Conversation, Message } from "../records.js" */
/** @import { Doc, OpenSegment } from "./segment.js" */
/** @import { Term } from "./search_terms.js" */
/**
 * @typedef {{ text: string, conversation?: string, author?: string, files?: boolean, before?: number, limit: number }} Wish
 *   `before`: only what is older than this time, ms
 * @typedef {{ conversation: string, message: Message, text: string, ranges: [number, number][] }} Found `text`: what the message
 *   says, and the names of its files
 * @typedef {{ conversation: string, order: number, time: number }} Place
 */

// Of each conversation, what has come since the index was last written.
const MOST_NEW = 256;
const PIECE = 64;

/**
 * @param {Store} store
 * @param {Wish} wish
 * @returns {Promise<Found[]>} the newest first
 */
export async function find_messages(store, wish) {
  const wanted = wanted_terms(wish.text);
  if (wanted.length === 0) return [];
  const places = [...(await new_places(store, wish)), ...(await indexed_places(store, wish, wanted))];
  places.sort((a, b) => b.time - a.time);
  /** @type {Found[]} */
  const found = [];
  const seen = new Set();
  for (let at = 0; at < places.length && found.length < wish.limit; at += PIECE) {
    const piece = places.slice(at, at + PIECE).filter(({ conversation, order }) => {
      const id = message_id(conversation, order);
      return !seen.has(id) && seen.add(id);
    });
    const messages = await store.get_many("messages", piece.map(({ conversation, order }) => message_id(conversation, order)));
    for (const [number, message] of messages.entries()) {
      const one = message && look(piece[number].conversation, message, wish, wanted);
      if (one && found.length < wish.limit) found.push(one);
    }
  }
  return found;
}

/** @param {string} conversation @param {Message} message @param {Wish} wish @param {Term[]} wanted @returns {Found | null} */
function look(conversation, message, wish, wanted) {
  const searched = searchable_text(message);
  if (searched === null || !fits(wish, { ...message, conversation, file: Boolean(message.files?.length) })) return null;
  const ranges = find_in(searched, wanted);
  if (!ranges) return null;
  const { text = "", files = [] } = message;
  return { conversation, message, text: [text, ...files.map(({ name }) => name)].join("\n"), ranges };
}

/** @param {Wish} wish @param {Doc} doc */
function fits(wish, doc) {
  return (
    (wish.conversation === undefined || wish.conversation === doc.conversation) &&
    (wish.author === undefined || wish.author === doc.author) &&
    (!wish.files || doc.file) &&
    (wish.before === undefined || doc.time < wish.before)
  );
}

/** @param {Store} store @param {Wish} wish @param {Term[]} wanted @returns {Promise<Place[]>} */
async function indexed_places(store, wish, wanted) {
  /** @type {Place[]} */
  const places = [];
  const prefixes = wanted.map(prefix_of);
  for await (const segment of open_segments(store)) {
    for (const number of numbers_with_all(segment, prefixes)) {
      const doc = segment.docs[number];
      if (fits(wish, doc)) places.push(doc);
    }
  }
  return places;
}

/** @param {OpenSegment} segment @param {string[]} prefixes @returns {Set<number>} */
function numbers_with_all(segment, prefixes) {
  const [first, ...others] = prefixes.map((prefix) => segment.find(prefix));
  return new Set([...first].filter((number) => others.every((set) => set.has(number))));
}

/** @param {Store} store @param {Wish} wish @returns {Promise<Place[]>} */
async function new_places(store, wish) {
  const rows = await store.list("conversations", { prefix: wish.conversation ?? "" });
  /** @type {Conversation[]} */
  const conversations = rows.map(({ value }) => value);
  const covered = await store.get_many("search", conversations.map(({ id }) => `${COVERED}${id}`));
  const found = conversations.map(async ({ id, next_order }, at) => {
    if (covered[at]?.high >= next_order - ORDER_STEP) return [];
    const after = covered[at] ? { after: message_id(id, covered[at].high) } : {};
    const newest = await store.list("messages", { prefix: message_prefix(id), ...after, newest_first: true, limit: MOST_NEW });
    return newest.map(({ value }) => ({ conversation: id, order: value.order, time: value.time }));
  });
  return (await Promise.all(found)).flat();
}
