// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { newly_written, shown_conversations, total_unread } from "../../../static/js/ui/helpers/conversation_lists.js";

/** @import { Conversation } from "../../../static/js/ui/session_types.js" */

/**
 * @param {string} username
 * @param {Partial<Conversation>} [fields]
 * @returns {Conversation}
 */
function conversation(username, fields = {}) {
  const peer = { account: username, username, verified: false, identity_changed: false };
  return { id: username, kind: "direct", state: "active", peer, last: null, unread: 0, ...fields };
}

/** @param {Conversation[]} list */
const names = (list) => list.map(({ id }) => id);
/** @param {string} text @param {boolean} own @param {number} time */
const last = (text, own, time) => ({ text, own, time, status: /** @type {const} */ ("stored") });

test("the search field narrows by name, whatever the case and the accents", () => {
  const all = [conversation("Zoë"), conversation("bob"), conversation("rob.zoeller")];
  assert.deepEqual(names(shown_conversations(all, "ZOE")), ["Zoë", "rob.zoeller"]);
  assert.deepEqual(names(shown_conversations(all, " @bob")), ["bob"]);
  assert.deepEqual(names(shown_conversations(all, "")), ["Zoë", "bob", "rob.zoeller"]);
});

test("declined ones are neither shown nor counted nor announced", () => {
  const all = [conversation("bob", { unread: 2 }), conversation("eve", { state: "declined", unread: 7, last: last("hey", false, 1) })];
  assert.deepEqual(names(shown_conversations(all, "")), ["bob"]);
  assert.equal(total_unread(all), 2);
  assert.deepEqual(newly_written([], all), []);
});

test("only what somebody else wrote since is announced", () => {
  const before = [conversation("bob", { last: last("hi", false, 1) }), conversation("eve", { last: last("yo", true, 1) })];
  assert.deepEqual(newly_written(before, before), []);
  const after = [
    conversation("bob", { last: last("hi again", false, 2) }),
    conversation("eve", { last: last("mine", true, 3) }),
    conversation("kofi", { last: last("new", false, 4) }),
  ];
  assert.deepEqual(names(newly_written(before, after)), ["bob", "kofi"]);
});
