// @ts-check
// Notes to oneself as the list and the conversation show them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { preview, shown_conversations } from "../../../static/js/ui/helpers/conversation_lists.js";
import { message_actions } from "../../../static/js/ui/helpers/message_actions.js";
import { name_of } from "../../../static/js/ui/helpers/group_words.js";
import { message_rows } from "../../../static/js/ui/helpers/message_rows.js";

/** @import { Conversation, Message } from "../../../static/js/ui/session_types.js" */

const last = /** @type {const} */ ({ text: "Milk", own: true, time: 1, status: "stored" });
/** @type {Conversation} */
const notes = {
  ...{ id: "n", kind: "group", state: "active", notes: true, title: "whatever", unread: 0, last },
  peer: { account: "n", username: "whatever", verified: false, identity_changed: false },
};

/** @param {string} code @param {number} order @returns {Message} */
const notice = (code, order) => ({ id: code, order, own: false, author: { account: "me", username: "maya" }, type: "notice", code, time: order, status: "stored" });

test("notes have a name of their own, and are found by it", () => {
  assert.equal(name_of(notes), "Notes to self");
  assert.deepEqual(shown_conversations([notes], "self"), [notes]);
});

test("what is written in them is by nobody else", () => {
  assert.equal(preview(notes), "Milk");
  assert.match(preview({ ...notes, last: null }), /yet/);
});

test("that one came into them oneself is not said", () => {
  const codes = ["group_created", "added", "timer_changed"];
  const said = (/** @type {boolean} */ is_notes) =>
    message_rows(codes.map(notice), { zone: "UTC", notes: is_notes }).flatMap((row) => (row.kind === "notice" ? [row.message.code] : []));
  assert.deepEqual(said(true), ["timer_changed"]);
  assert.deepEqual(said(false), codes);
});

test("a note is deleted, and nobody is asked for whom; one that has not left goes as well", () => {
  /** @type {Message} */
  const note = { id: "1", order: 1, own: true, author: { account: "me", username: "maya" }, type: "text", text: "Milk", time: 1, status: "stored" };
  const deletions = (/** @type {Message} */ message) => message_actions(message, "active", true).filter((action) => action.startsWith("delete"));
  assert.deepEqual(deletions(note), ["delete_all"]);
  assert.deepEqual(deletions({ ...note, status: "waiting" }), ["delete_own"]);
});
