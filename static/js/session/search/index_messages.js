// @ts-check
// Keeps the index of what this device has, a piece at a time and only when nothing more urgent is under way. Owner only.
import { next_turn } from "../../protocol/next_turn.js";
import { message_id, message_prefix, sortable } from "../records.js";
import { get_state } from "../archive/archive_state.js";
import { CHANGED, changed_id } from "./mark_changed.js";
import { drop_opened, SEGMENT } from "./open_segments.js";
import { make_segment, MOST_DOCS, OpenSegment } from "./segment.js";
import { index_terms } from "./search_terms.js";
import { searchable_text } from "./searchable.js";

/** @import { Device } from "../device.js" */
/** @import { Conversation, Message } from "../records.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Doc, Entry } from "./segment.js" */
/** @typedef {{ low: number, high: number }} Covered orders; all that the store had between them is in the index */

export const COVERED = "c/";
const PIECE = 128;
// Words are looked for this long at a time, so that a page stays quick: milliseconds.
const SLICE = 8;

/**
 * @param {Device} device
 * @param {Set<string>} [wanted] conversations in which something was stored, emptied once they are looked at; all when nobody says
 * @returns {Promise<void>}
 */
export function index_messages(device, wanted) {
  return device.mutexes.run("search index", async () => {
    // What a restore brings in is read once it is there.
    if ((await get_state(device.store))?.restore) return;
    const conversations = wanted ? [...wanted] : await all_conversations(device);
    wanted?.clear();
    for (const id of conversations) await index_conversation(device, id);
    while (!device.closed && (await index_changed(device))) await next_turn();
  });
}

/** @param {Device} device */
async function all_conversations(device) {
  const rows = await device.store.list("conversations", { prefix: "" });
  return rows.map(({ value }) => /** @type {Conversation} */ (value).id);
}

/** @param {Device} device @param {string} id */
async function index_conversation(device, id) {
  for (const newer of [true, false]) {
    while (!device.closed) {
      const covered = await device.store.get("search", `${COVERED}${id}`);
      const messages = await beyond(device, id, covered, newer);
      if (messages.length === 0) break;
      const orders = messages.map(({ order }) => order);
      const now = {
        low: Math.min(covered?.low ?? Infinity, ...orders),
        high: Math.max(covered?.high ?? -Infinity, ...orders),
      };
      const entries = await entries_of(device, id, messages);
      await device.store.transaction(async (changes) => {
        await add(changes, entries);
        changes.put("search", `${COVERED}${id}`, now);
      });
      await next_turn();
    }
  }
}

/**
 * @param {Device} device
 * @param {string} conversation
 * @param {Covered | undefined} covered
 * @param {boolean} newer than what is covered, else older
 * @returns {Promise<Message[]>}
 */
async function beyond(device, conversation, covered, newer) {
  if (!covered && !newer) return [];
  const range = newer
    ? { ...(covered ? { after: message_id(conversation, covered.high) } : {}) }
    : { before: message_id(conversation, covered?.low ?? 0), newest_first: true };
  const rows = await device.store.list("messages", { prefix: message_prefix(conversation), ...range, limit: PIECE });
  return rows.map(({ value }) => value);
}

/**
 * What a message has said, or was deleted with, leaves the index. All of it in one transaction: what changes meanwhile is marked again.
 * @param {Device} device
 * @returns {Promise<boolean>} whether there was something
 */
async function index_changed(device) {
  const { store } = device;
  if ((await store.count("search", CHANGED)) === 0) return false;
  await store.transaction(async (changes) => {
    const marks = await store.list("search", { prefix: CHANGED, limit: PIECE });
    await take_out(changes, new Set(marks.map(({ id }) => id)));
    const entries = [];
    for (const { id, value } of marks) {
      const message = await changes.get("messages", message_id(value.conversation, value.order));
      if (message) entries.push(...(await entries_of(device, value.conversation, [message])));
      changes.delete("search", id);
    }
    await add(changes, entries);
  });
  drop_opened(store);
  return true;
}

/** @param {Changes} changes @param {Set<string>} marks */
async function take_out(changes, marks) {
  const last = await changes.first("search", { prefix: SEGMENT, newest_first: true });
  for (let number = last?.number ?? 0; number > 0; number -= 1) {
    const at = `${SEGMENT}${sortable(number)}`;
    const record = await changes.get("search", at);
    const is_marked = (/** @type {Doc} */ { conversation, order }) => marks.has(changed_id(conversation, order));
    if (!record?.segment.docs.some(is_marked)) continue;
    const entries = new OpenSegment(record.segment).entries().filter((entry) => !is_marked(entry));
    changes.put("search", at, { number, segment: make_segment(entries) });
  }
}

/**
 * Into the newest segment while it has room, else into a new one.
 * @param {Changes} changes
 * @param {Entry[]} entries
 */
async function add(changes, entries) {
  if (entries.length === 0) return;
  const last = await changes.first("search", { prefix: SEGMENT, newest_first: true });
  const has_room = last && last.segment.docs.length + entries.length <= MOST_DOCS;
  const number = (last?.number ?? 0) + (has_room ? 0 : 1);
  const before = has_room ? new OpenSegment(last.segment).entries() : [];
  changes.put("search", `${SEGMENT}${sortable(number)}`, { number, segment: make_segment([...before, ...entries]) });
}

/** @param {Device} device @param {string} conversation @param {Message[]} messages @returns {Promise<Entry[]>} */
async function entries_of(device, conversation, messages) {
  const entries = [];
  let began = device.now();
  for (const message of messages) {
    const text = searchable_text(message);
    if (text !== null) {
      const { order, time, author, files = [] } = message;
      entries.push({ conversation, order, time, author, file: files.length > 0, terms: index_terms(text) });
    }
    if (device.now() - began > SLICE) {
      await next_turn();
      began = device.now();
    }
  }
  return entries;
}
