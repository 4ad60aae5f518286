// @ts-check
// Scenes with everything that can be done to messages: `?scene=messages` of the preview, and the conversation of alice.

import { GROUP_SCENES } from "./group_scenes.js";
import { SCENES } from "./scenes.js";

/** @import { Message } from "../../../static/js/ui/session_types.js" */
/** @import { Scene } from "./scenes.js" */

const MINUTE = 60_000;
const ALICE = { account: "acc_alice", username: "alice" };
const MAYA = { account: "me00", username: "maya" };

/** @type {Record<string, () => Scene>} */
export const MESSAGE_SCENES = {
  messages: () => with_messages(said),
  texts: () => with_messages(texts),
  typing: () => {
    const scene = with_messages(said);
    const started = { conversation: "c_alice", account: "acc_alice", until: Date.now() + 3_600_000 };
    scene.events.push([400, "typing", started]);
    return scene;
  },
  group_messages: () => {
    const scene = GROUP_SCENES.group();
    const messages = scene.messages.g_boat;
    for (const [index, { author, text = "" }] of messages.entries()) {
      const next = messages[index + 1];
      if (index % 3 === 0 && next?.type === "text") next.reply = { id: messages[index].id, author, text, here: true };
      if (index % 2 === 0 && messages[index].type === "text") messages[index].reactions = [{ emoji: "🎉", count: 3, own: true, people: ["alice", "tomas", "maya"] }];
    }
    return scene;
  },
  hundred_thousand: () => {
    const scene = SCENES.many();
    const now = Date.now();
    const words = ["Yes.", "I think so, but let me ask the others before we decide anything.", "👍", "*Important*: see https://example.org/list and `make test`", "It rained the whole day, so we stayed in and played cards until the children fell asleep on the carpet.", "On my way"];
    scene.messages.c_long = Array.from({ length: 100_000 }, (_, index) => ({
      ...message(index % 3 === 0, now - (100_000 - index) * 7 * MINUTE, `${words[(index * 5) % words.length]} (${index + 1})`),
      ...(index % 7 === 0 ? { reactions: [{ emoji: "👍", count: 1, own: index % 2 === 0, people: ["alice"] }] } : {}),
      id: `n${index + 1}`,
      order: index + 1,
    }));
    return scene;
  },
};

/**
 * @param {boolean} own
 * @param {number} time
 * @param {string} text
 * @param {Partial<Message>} [fields]
 * @returns {Message}
 */
function message(own, time, text, fields = {}) {
  return { id: "", order: 0, own, author: own ? MAYA : ALICE, type: "text", text, time, status: "delivered", ...fields };
}

/**
 * @param {(now: number) => Message[]} say
 * @returns {Scene}
 */
function with_messages(say) {
  const scene = SCENES.many();
  scene.messages.c_alice = say(Date.now()).map((one, index) => ({ ...one, order: index + 1, id: `c_alice_${index}` }));
  for (const conversation of scene.conversations) if (conversation.id === "c_alice") conversation.unread = 0;
  return scene;
}

/**
 * @param {number} now
 * @returns {Message[]}
 */
function said(now) {
  const start = now - 70 * MINUTE;
  return [
    message(false, start, "Morning! Did you look at the cabin?", { reactions: [{ emoji: "👀", count: 1, own: true, people: ["maya"] }] }),
    message(true, start + MINUTE, "Yes, it's lovely. Two rooms, a stove, and the lake is right there.", { status: "read", pinned: { by: "me00", time: start } }),
    message(true, start + 2 * MINUTE, "They want an answer by *Friday*.", { status: "read", edited: start + 4 * MINUTE }),
    message(false, start + 9 * MINUTE, "Then let's take it. I can pay the deposit and we sort the rest out later.", {
      reply: { id: "c_alice_2", author: MAYA, text: "They want an answer by *Friday*.", here: true },
      reactions: [{ emoji: "❤️", count: 2, own: true, people: ["alice", "maya"] }, { emoji: "🎉", count: 1, own: false, people: ["alice"] }],
    }),
    message(true, start + 10 * MINUTE, "🎉🛶", { status: "read" }),
    message(false, start + 12 * MINUTE, "", { deleted: "all" }),
    message(false, start + 13 * MINUTE, "The key is under the third stone on the left. Code `4711`.", { forwarded: true, pinned: { by: "acc_alice", time: start } }),
    message(false, start + 20 * MINUTE, "", { type: "notice", code: "timer_changed", seconds: 86_400 }),
    message(true, start + 22 * MINUTE, "Good. And what did the owner say about the boat?", { status: "read", timer: 86_400, expires: now + 23 * 60 * MINUTE + 1000 }),
    message(false, start + 24 * MINUTE, "That we may use it, if we bail it out first.", { timer: 86_400, expires: now + 45_000, reply: { id: "gone", author: MAYA, text: "what did the owner say about the boat?", here: false } }),
    message(false, start + 25 * MINUTE, "", { type: "notice", code: "refused_edit" }),
    message(true, start + 60 * MINUTE, "I'll bring a bucket.", { reply: { id: "c_alice_9", author: ALICE, text: "That we may use it, if we bail it out first.", here: true }, timer: 86_400, expires: now + 85_000_000 }),
    message(true, start + 61 * MINUTE, "", { deleted: "all" }),
    message(true, start + 62 * MINUTE, "Two buckets.", { status: "stored", timer: 86_400, expires: now + 85_000_000 }),
  ];
}

/**
 * @param {number} now
 * @returns {Message[]}
 */
function texts(now) {
  const start = now - 20 * MINUTE;
  return [
    message(false, start, "*Bold*, _italic_, *bold with _italic_ in it*, `code`, and 2*3*4 or snake_case_name as they are."),
    message(true, start + MINUTE, "> Did you try turning it off?\n> And on again?\nYes, @alice, twice. See https://example.org/help?topic=off_and_on."),
    message(false, start + 2 * MINUTE, "Then this:\n```\nfor file in *.txt; do\n  mv \"$file\" \"archive/$(date +%Y-%m-%d)-$file\"  # this line is longer than a bubble is wide\ndone\n```\nShould do."),
    message(true, start + 3 * MINUTE, "```\nit works\n```"),
    message(false, start + 4 * MINUTE, "@maya 👏", { mentions: [MAYA] }),
    message(false, start + 5 * MINUTE, "👍"),
    message(true, start + 6 * MINUTE, "❤️😂🙏"),
    message(false, start + 7 * MINUTE, Array.from({ length: 80 }, (_, index) => `This is line ${index + 1} of something that somebody pasted.`).join("\n")),
    message(true, start + 8 * MINUTE, "Averyveryverylongwordwithoutanyspaces".repeat(6)),
    message(false, start + 9 * MINUTE, "שלום, *מה* שלומך?"),
    message(true, start + 10 * MINUTE, "ok", { reactions: ["👍", "❤️", "😂", "😮", "😢", "🙏", "🎉", "🔥"].map((emoji, index) => ({ emoji, count: index + 1, own: index === 2, people: ["alice"] })) }),
  ];
}
