// @ts-check
// What the interface reads: from the sealed store, in the owner's tab as in any other (docs/browser_layers.md, Queries).
import { message_id, message_prefix } from "./records.js";
import { clock_lag, get_held, log_state, witness_wish } from "./key_log/held_log.js";
import { who_may_be_sent_to } from "./key_log/may_send.js";
import { is_verified } from "./refresh_contact.js";

/** @import { Store } from "../store/store.js" */
/** @import { Contact, Conversation, Message } from "./records.js" */

/** @param {Contact | undefined} contact @param {string} account */
function to_person(contact, account) {
  return {
    account,
    username: contact?.chain.username ?? "",
    verified: is_verified(contact),
    identity_changed: Boolean(contact?.changed),
  };
}

/** @param {Store} store @param {Conversation} conversation @param {(contact: Contact | undefined) => boolean} may_be_sent_to */
async function to_entry(store, conversation, may_be_sent_to) {
  const { id, kind, state, stopped, peer, suite, last, unread } = conversation;
  const contact = await store.get("contacts", peer);
  return {
    id,
    kind,
    state,
    ...(stopped ? { stopped } : {}),
    peer: to_person(contact, peer),
    waits_for_log: !may_be_sent_to(contact),
    suite,
    last: last && { text: last.text, own: last.own, time: last.time, status: last.status },
    unread,
  };
}

/** @param {Store} store @param {unknown} _of @param {number} now */
async function all_conversations(store, _of, now) {
  const rows = await store.list("conversations", { prefix: "" });
  const newest_first = rows.map(({ value }) => value).sort((a, b) => b.time - a.time);
  const may_be_sent_to = await who_may_be_sent_to(store, now);
  return Promise.all(newest_first.map((conversation) => to_entry(store, conversation, may_be_sent_to)));
}

/** @param {Store} store @param {{ id: string }} of @param {number} now */
async function one_conversation(store, { id }, now) {
  const conversation = await store.get("conversations", id);
  return conversation ? to_entry(store, conversation, await who_may_be_sent_to(store, now)) : null;
}

/** @param {Store} store @param {{ conversation: string, before?: number, limit: number }} of */
async function some_messages(store, { conversation, before, limit }) {
  const rows = await store.list("messages", {
    prefix: message_prefix(conversation),
    ...(before === undefined ? {} : { before: message_id(conversation, before) }),
    newest_first: true,
    limit,
  });
  const messages = rows.map(({ value }) => /** @type {Message} */ (value)).reverse();
  const authors = new Map();
  for (const { author } of messages) {
    if (!authors.has(author)) authors.set(author, to_person(await store.get("contacts", author), author));
  }
  return messages.map(({ author, ...message }) => {
    const { account, username } = authors.get(author);
    return { ...message, author: { account, username } };
  });
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
  const { receipts = true, open_to_strangers = true } = (await store.get("meta", "settings")) ?? {};
  return { open_to_strangers, receipts };
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
  conversations: all_conversations,
  conversation: one_conversation,
  messages: some_messages,
  contacts: all_contacts,
  settings: read_settings,
  key_log: read_key_log,
};
