// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { newly_written, preview, shown_conversations, total_unread } from "../../../static/js/ui/helpers/conversation_lists.js";
import { is_out } from "../../../static/js/ui/helpers/group_words.js";

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
  assert.equal(total_unread(all, 0), 2);
  assert.deepEqual(newly_written([], all, { now: 0 }), []);
});

test("who has deleted the account has gone, and nothing is wrong", () => {
  const gone = conversation("eve", { state: "stopped", stopped: "account_deleted", last: last("bye", false, 1) });
  assert.equal(preview(gone), "Has deleted their account");
  assert.equal(is_out(gone), true);
});

test("only what somebody else wrote since is announced", () => {
  const before = [conversation("bob", { last: last("hi", false, 1) }), conversation("eve", { last: last("yo", true, 1) })];
  assert.deepEqual(newly_written(before, before, { now: 0 }), []);
  const after = [
    conversation("bob", { last: last("hi again", false, 2) }),
    conversation("eve", { last: last("mine", true, 3) }),
    conversation("kofi", { last: last("new", false, 4) }),
  ];
  assert.deepEqual(names(newly_written(before, after, { now: 0 })), ["bob", "kofi"]);
});

test("what is muted is not counted, and not announced unless it is open", () => {
  const all = [conversation("bob", { unread: 2, muted: 10, last: last("hey", false, 1) }), conversation("eve", { unread: 1 })];
  assert.equal(total_unread(all, 9), 1);
  assert.equal(total_unread(all, 10), 3);
  assert.deepEqual(names(newly_written([], all, { now: 9 })), []);
  assert.deepEqual(names(newly_written([], all, { now: 9, open: "bob" })), ["bob"]);
  assert.deepEqual(names(newly_written([], all, { now: 10 })), ["bob"]);
});

test("of somebody blocked a group says no more than that there is something, and announces nothing", () => {
  const group = conversation("trip", { kind: "group", title: "Trip", last: { ...last("", false, 1), author: "eve", blocked: true } });
  assert.equal(preview(group), "eve: Blocked by you");
  assert.deepEqual(newly_written([], [group], { now: 0, open: "trip" }), []);
});
