// @ts-check
// The part of the fake session that is about messages and what is done to them.

import { Talk2meError } from "../../../static/js/errors.js";

/** @import { Message, Queries } from "../../../static/js/ui/session_types.js" */
/** @import { Draft, MessageCommands, MessageQueries } from "../../../static/js/ui/message_types.js" */
/** @import { FakeSession } from "./fake_session.js" */

const pause = (ms = 150) => new Promise((resolve) => setTimeout(resolve, ms));
const HOUR = 3_600_000;

/** @type {WeakMap<FakeSession, Map<string, Draft>>} */
const DRAFTS = new WeakMap();

/** @param {FakeSession} fake @returns {Map<string, Draft>} */
function drafts_of(fake) {
  const drafts = DRAFTS.get(fake) ?? new Map();
  DRAFTS.set(fake, drafts);
  return drafts;
}

/** @param {FakeSession} fake @param {string} conversation @param {string} id @returns {Message} */
function find(fake, conversation, id) {
  const message = fake.scene.messages[conversation]?.find((one) => one.id === id);
  if (message === undefined) throw new Talk2meError("not_found");
  return message;
}

/** @param {Message[]} messages @param {number} order @returns {number} of the first that is not below it */
function place_of(messages, order) {
  let [low, high] = [0, messages.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages[middle].order < order) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {FakeSession} fake @returns {MessageQueries & Pick<Queries, "messages">} */
export function make_message_queries(fake) {
  const { scene } = fake;
  return {
    messages: async ({ conversation, before = Infinity, after, around, limit }) => {
      const all = scene.messages[conversation] ?? [];
      const start = after !== undefined ? place_of(all, after + 1) : around !== undefined ? place_of(all, around) - Math.floor(limit / 2) : place_of(all, before) - limit;
      const from = Math.max(0, start);
      return structuredClone(all.slice(from, Math.min(from + limit, place_of(all, before))));
    },
    message_details: async ({ conversation, id }) => {
      const message = find(fake, conversation, id);
      const others = scene.conversations.filter(({ kind }) => kind === "direct").slice(0, 3);
      const people = conversation.startsWith("g_") ? others.map(({ peer }) => peer) : scene.conversations.filter((one) => one.id === conversation).map(({ peer }) => peer);
      return structuredClone({
        message,
        edits: message.edited === undefined ? [] : [{ text: "They want an answer by Thursday.", time: message.time }],
        receipts: people.map(({ account, username }, index) => ({ account, username, ...(index < 2 ? { delivered: message.time + 4000 } : {}), ...(index < 1 ? { read: message.time + HOUR } : {}) })),
      });
    },
    pinned: async ({ conversation }) => structuredClone((scene.messages[conversation] ?? []).filter(({ pinned }) => pinned !== undefined)),
    draft: async ({ conversation }) => drafts_of(fake).get(conversation) ?? null,
  };
}

/** @param {FakeSession} fake @returns {MessageCommands} */
export function make_message_commands(fake) {
  const { scene } = fake;
  const changed = (/** @type {string} */ conversation) => {
    fake.emit("messages", { conversation });
    fake.emit("conversations");
  };
  return {
    edit_message: async ({ conversation, id, text }) => {
      await pause();
      Object.assign(find(fake, conversation, id), { text, edited: Date.now() });
      changed(conversation);
    },
    delete_message: async ({ conversation, id, for: whose }) => {
      await pause();
      if (whose === "own") scene.messages[conversation] = scene.messages[conversation].filter((message) => message.id !== id);
      else Object.assign(find(fake, conversation, id), { deleted: "all", text: undefined, reactions: [] });
      changed(conversation);
    },
    react: async ({ conversation, id, emoji }) => {
      const message = find(fake, conversation, id);
      const others = (message.reactions ?? []).map((one) => (one.own ? { ...one, own: false, count: one.count - 1, people: one.people.filter((name) => name !== "maya") } : one));
      const kept = others.filter(({ count }) => count > 0);
      const same = kept.find((one) => one.emoji === emoji);
      if (same !== undefined) Object.assign(same, { own: true, count: same.count + 1, people: [...same.people, "maya"] });
      else if (emoji !== null) kept.push({ emoji, count: 1, own: true, people: ["maya"] });
      message.reactions = kept;
      changed(conversation);
    },
    pin_message: async ({ conversation, id, pinned }) => {
      await pause();
      const message = find(fake, conversation, id);
      if (pinned) message.pinned = { by: "me00", time: Date.now() };
      else delete message.pinned;
      changed(conversation);
    },
    forward_message: async ({ conversation, id, to }) => {
      await pause();
      const { text = "" } = find(fake, conversation, id);
      for (const other of to) await fake.commands.send_text({ conversation: other, text });
    },
    set_timer: async ({ conversation, seconds }) => {
      await pause();
      const found = scene.conversations.find(({ id }) => id === conversation);
      if (found !== undefined) found.timer = seconds;
      changed(conversation);
    },
    save_draft: async ({ conversation, text, reply }) => {
      const found = scene.conversations.find(({ id }) => id === conversation);
      if (text === "" && reply === undefined) drafts_of(fake).delete(conversation);
      else drafts_of(fake).set(conversation, { text, ...(reply === undefined ? {} : { reply }) });
      if (found !== undefined) found.draft = text || undefined;
      fake.emit("conversations");
    },
    typing: async () => {},
  };
}
