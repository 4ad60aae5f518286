// @ts-check
// What the pictures of the guides show: a few people on an ordinary day, without emoji, for which not every machine has a font.

import { file } from "./file_scenes.js";
import { GROUP_SCENES, groups_of } from "./group_scenes.js";
import { line } from "./scenes.js";

/** @import { Message } from "../../../static/js/ui/session_types.js" */
/** @import { Scene } from "./scenes.js" */

const MINUTE = 60_000;
const MAYA = { account: "me00", username: "maya" };
const LISTED = ["g_boat", "c_alice", "c_kofi", "c_junwatanabe", "c_grandmaines", "c_zo"];

/** @type {Record<string, () => Scene>} */
export const SHOWN_SCENES = {
  shown: () => shown(),
  shown_unverified: () => {
    const scene = shown();
    find(scene, "c_alice").peer.verified = false;
    return scene;
  },
  shown_changed: () => shown([...LISTED, "c_tomas"]),
  shown_link: () => ({ ...shown(), link: "compare" }),
  shown_locked: () => ({ ...shown(), locked: true, lock: { kind: "passphrase", timeout: 15, persisted: true } }),
};

/** @returns {Scene} */
function shown(listed = LISTED) {
  const scene = GROUP_SCENES.group();
  scene.conversations = scene.conversations.filter(({ id }) => listed.includes(id));
  scene.devices = scene.devices.filter(({ active }) => active);
  const group = groups_of(scene).get("g_boat");
  if (group) group.members = group.members.filter(({ username }) => !username.startsWith("elisabeth")).map((one) => ({ ...one, identity_changed: false }));
  say(scene, "c_alice", with_alice());
  say(scene, "c_junwatanabe", [said("jun.watanabe", 80, "Thank you so much for the tea!")]);
  say(scene, "c_zo", [said("zoë", 60 * 31, "See you on Saturday, then")]);
  find(scene, "c_alice").unread = 0;
  scene.conversations.sort((one, other) => (other.last?.time ?? 0) - (one.last?.time ?? 0));
  return scene;
}

/** @returns {Message[]} */
function with_alice() {
  const asked = "They want an answer by Friday.";
  return [
    said("alice", 47, "Morning! Did you look at the cabin?"),
    said("maya", 45, "Yes, it's lovely. Two rooms, a stove, and the lake is right there."),
    said("maya", 44, asked),
    said("alice", 31, "Then let's take it. I can pay the deposit and we sort the rest out later.", {
      reply: { id: "c_alice_2", author: MAYA, text: asked, here: true },
      reactions: [{ emoji: "♥", count: 1, own: true, people: ["maya"] }],
    }),
    said("maya", 22, "From the jetty, this morning", { files: [file("lake.jpg", { kind: "image", width: 1600, height: 900 })] }),
    said("alice", 12, "How beautiful! Here is the contract.", { files: [file("Rental agreement.pdf", { size: 340_000 })] }),
    said("maya", 9, "Signed. Are we still on for the early train on Saturday?"),
    said("alice", 8, "Of course. I'll bring the breakfast."),
  ];
}

/**
 * @param {string} username
 * @param {number} ago in minutes
 * @param {string} text
 * @param {Partial<Message>} [fields]
 * @returns {Message}
 */
function said(username, ago, text, fields = {}) {
  return line(Date.now() - ago * MINUTE, username, text, { status: "read", ...fields });
}

/** @param {Scene} scene @param {string} id @param {Message[]} messages */
function say(scene, id, messages) {
  scene.messages[id] = messages.map((message, index) => ({ ...message, order: index + 1, id: `${id}_${index}` }));
  const { text = "", own, time, status } = messages[messages.length - 1];
  find(scene, id).last = { text, own, time, status };
}

/** @param {Scene} scene @param {string} id */
function find(scene, id) {
  const found = scene.conversations.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
}
