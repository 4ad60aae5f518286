// @ts-check
// What the interface reads: from the sealed store, in the owner's tab as in any other (docs/browser_layers.md, Queries).
import { query_archive } from "./archive/query_archive.js";
import { query_losses } from "./lock/query_losses.js";
import { add_drafts } from "./messages/drafts.js";
import { fill_groups, GROUP_QUERIES } from "./groups/group_queries.js";
import { MESSAGE_QUERIES } from "./messages/message_queries.js";
import { name_authors } from "./messages/name_authors.js";
import { timer_of } from "./messages/timer_of.js";
import { clock_lag, get_held, log_state, witness_wish } from "./key_log/held_log.js";
import { mark_entries, PEOPLE_QUERIES } from "./people/people_queries.js";
import { PUSH_QUERIES } from "./push/push_commands.js";
import { query_recovery } from "./recovery/query_recovery.js";
import { SEARCH_QUERIES } from "./search/search_queries.js";
import { who_may_be_sent_to } from "./key_log/may_send.js";
import { is_verified } from "./refresh_contact.js";

/** @import { Store } from "../store/store.js" */
/** @import { Contact, Conversation } from "./records.js" */

/** @param {Contact | undefined} contact @param {string} account */
function to_person(contact, account) {
  return {
    account,
    username: contact?.chain.username ?? "",
    verified: is_verified(contact),
    identity_changed: Boolean(contact?.changed),
  };
}

/** @param {import("./records.js").LastMessage} last */
function to_last({ order: _order, ...shown }) {
  return shown;
}

/** @param {Conversation} conversation @param {Contact | undefined} contact @param {(contact: Contact | undefined) => boolean} may_be_sent_to */
function to_entry(conversation, contact, may_be_sent_to) {
  const { id, kind, state, stopped, peer, suite, last, unread } = conversation;
  return {
    id,
    kind,
    state,
    ...(stopped ? { stopped } : {}),
    peer: to_person(contact, peer),
    waits_for_log: !may_be_sent_to(contact),
    suite,
    last: last && to_last(last),
    timer: timer_of(conversation),
    unread,
    archive: conversation.archive !== false,
  };
}

/** @param {Store} store @param {unknown} _of @param {number} now */
async function all_conversations(store, _of, now) {
  const rows = await store.list("conversations", { prefix: "" });
  const newest_first = rows.map(({ value }) => value).sort((a, b) => b.time - a.time);
  const may_be_sent_to = await who_may_be_sent_to(store, now);
  const contacts = await store.get_many("contacts", newest_first.map(({ peer }) => peer));
  const entries = newest_first.map((conversation, at) => to_entry(conversation, contacts[at], may_be_sent_to));
  return add_drafts(store, await fill_groups(store, entries, newest_first, may_be_sent_to));
}

/** @param {Store} store @param {{ id: string }} of @param {number} now */
async function one_conversation(store, { id }, now) {
  const conversation = await store.get("conversations", id);
  if (!conversation) return null;
  const may_be_sent_to = await who_may_be_sent_to(store, now);
  const entries = [to_entry(conversation, await store.get("contacts", conversation.peer), may_be_sent_to)];
  const [entry] = await add_drafts(store, await fill_groups(store, entries, [conversation], may_be_sent_to));
  return entry;
}

/** @param {Store} store */
async function all_contacts(store) {
  const rows = await store.list("contacts", { prefix: "" });
  return rows
    .map(({ value }) => /** @type {Contact} */ (value))
    .filter(({ own }) => !own)
    .map((contact) => to_person(contact, contact.account))
    .sort((a, b) => (a.username < b.username ? -1 : 1));
}

/** @param {Store} store */
async function read_settings(store) {
  const { receipts = true, open_to_strangers = true, read_receipts = false, typing = false } = (await store.get("meta", "settings")) ?? {};
  return { open_to_strangers, receipts, read_receipts, typing };
}

/** @param {Store} store @param {unknown} _of @param {number} now */
async function read_key_log(store, _of, now) {
  const held = await get_held(store);
  const wish = await witness_wish(store);
  const { name = "", size = 0, time = 0, checked = 0, alarm = null } = held ?? {};
  return {
    ...{ state: log_state(held, wish.quorum, now), name, size, time, checked, ...wish, clock: clock_lag(held, now) },
    alarm: alarm && { code: alarm.code, found: alarm.found, seen: alarm.seen, ...(alarm.username ? { username: alarm.username } : {}) },
  };
}

/** @type {Record<string, (store: Store, of: any, now: number) => Promise<any>>} */
export const QUERIES = {
  conversations: async (store, of, now) => name_authors(store, await mark_entries(store, await all_conversations(store, of, now))),
  conversation: async (store, of, now) => {
    const entry = await one_conversation(store, of, now);
    return entry && (await name_authors(store, await mark_entries(store, [entry])))[0];
  },
  ...MESSAGE_QUERIES,
  contacts: all_contacts,
  settings: read_settings,
  key_log: read_key_log,
  recovery: query_recovery,
  losses: query_losses,
  archive: query_archive,
  ...GROUP_QUERIES,
  ...PEOPLE_QUERIES,
  ...PUSH_QUERIES,
  ...SEARCH_QUERIES,
};
