// @ts-check
// Scenes with files of every kind and state: `?scene=files` of the preview, and the conversation of alice.

import { SCENES } from "./scenes.js";

/** @import { MessageFile } from "../../../static/js/ui/file_types.js" */
/** @import { Message } from "../../../static/js/ui/session_types.js" */
/** @import { Scene } from "./scenes.js" */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ALICE = { account: "acc_alice", username: "alice" };
const MAYA = { account: "me00", username: "maya" };

/** @type {Record<string, () => Scene>} */
export const FILE_SCENES = {
  files: () => {
    const scene = SCENES.many();
    scene.messages.c_alice = say(Date.now()).map((one, at) => ({ ...one, order: at + 1, id: `file_${at}` }));
    for (const conversation of scene.conversations) if (conversation.id === "c_alice") conversation.unread = 0;
    return scene;
  },
  files_offline: () => ({ ...FILE_SCENES.files(), offline: true }),
};

/** @param {string} name @param {Partial<MessageFile>} [more] @returns {MessageFile} */
export const file = (name, more = {}) => ({ id: name, digest: name, name, media: "", kind: "file", size: 482_113, state: "there", ...more });

/** @param {string} name @param {Partial<MessageFile>} [more] */
const picture = (name, more = {}) => file(name, { kind: "image", width: 1600, height: 1200, size: 1_204_000, ...more });

/** @param {number} now @returns {Message[]} */
function say(now) {
  const start = now - 50 * MINUTE;
  const message = (/** @type {boolean} */ own, /** @type {number} */ at, /** @type {string} */ text, /** @type {MessageFile[]} */ files, more = {}) =>
    /** @type {Message} */ ({ id: "", order: 0, own, author: own ? MAYA : ALICE, type: "text", text, time: start + at * MINUTE, status: "read", files, ...more });
  return [
    message(false, 0, "", [picture("lake.jpg")]),
    message(true, 1, "From the other side", [picture("hill.jpg", { width: 900, height: 1400 })]),
    message(false, 2, "And the walk up there", ["a.jpg", "b.jpg", "c.jpg", "d.jpg"].map((name) => picture(name))),
    message(true, 8, "", [file("voice message.webm", { kind: "voice", duration: 23_400, size: 92_000 })]),
    message(false, 9, "", [file("voice message.webm", { id: "voice2", kind: "voice", duration: 7_000, size: 28_000 })]),
    message(false, 14, "The contract, and what the owner sent", [
      file("Rental agreement of the cabin by the lake, final version, signed by everybody.pdf", { size: 2_340_000, expires: now + 12 * DAY }),
      file("keys.zip", { state: "kept" }),
    ]),
    message(false, 15, "", [file("invoice.pdf.exe", { size: 88_000 }), file("gone.docx", { state: "expired" })]),
    message(true, 16, "", [file("damaged notes.txt", { size: 9_000 })]),
    message(true, 17, "", [file("long film.mp4", { size: 48_000_000, state: "uploading" })], { status: "waiting" }),
    message(true, 18, "", [file("too large.mov", { size: 148_000_000, state: "uploading" })], { status: "failed", error: "file_too_large" }),
  ];
}
