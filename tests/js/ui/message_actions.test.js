// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { can_react, last_editable, message_actions } from "../../../static/js/ui/helpers/message_actions.js";

/** @import { Message } from "../../../static/js/ui/session_types.js" */

/** @param {Partial<Message>} fields @returns {Message} */
const message = (fields) => ({ id: "m", order: 1, own: false, author: { account: "a", username: "a" }, type: "text", text: "hello", time: 0, status: "delivered", ...fields });

test("only one's own words can be changed and deleted for everybody, only those of others reported", () => {
  assert.deepEqual(message_actions(message({}), "active"), ["reply", "copy", "forward", "pin", "details", "report", "delete_own"]);
  assert.deepEqual(message_actions(message({ own: true }), "active"), ["reply", "edit", "copy", "forward", "pin", "details", "delete_own", "delete_all"]);
});

test("what has not been sent yet can't be answered, changed or passed on", () => {
  for (const status of /** @type {const} */ (["waiting", "failed"])) {
    assert.deepEqual(message_actions(message({ own: true, status }), "active"), ["copy", "details", "delete_own"]);
    assert.ok(!can_react(message({ own: true, status }), "active"));
  }
});

test("what somebody gave of the past can be answered, and not be reported: nothing shows who wrote it", () => {
  const given = message({ shared_by: { account: "b", username: "b" } });
  assert.deepEqual(message_actions(given, "active"), ["reply", "copy", "forward", "pin", "details", "delete_own"]);
  assert.ok(can_react(given, "active"));
});

test("of a deleted message nothing is left but to take it away", () => {
  assert.deepEqual(message_actions(message({ own: true, deleted: "all", text: "" }), "active"), ["delete_own"]);
  assert.ok(!can_react(message({ deleted: "all" }), "active"));
});

test("where nothing can be sent, nothing is offered that would send", () => {
  assert.deepEqual(message_actions(message({ own: true, pinned: { by: "a", time: 0 } }), "stopped"), ["copy", "forward", "details", "delete_own"]);
  assert.deepEqual(message_actions(message({}), "request"), ["copy", "forward", "details", "report"]);
  assert.ok(!can_react(message({}), "request"));
});

test("a pinned message can be unpinned, a forwarded one is not one's own words", () => {
  assert.ok(message_actions(message({ pinned: { by: "a", time: 0 } }), "active").includes("unpin"));
  assert.ok(!message_actions(message({ own: true, forwarded: true }), "active").includes("edit"));
});

test("files without words have nothing to copy or change", () => {
  const actions = message_actions(message({ own: true, text: "" }), "active");
  assert.ok(!actions.includes("copy") && !actions.includes("edit") && actions.includes("forward"));
});

test("nothing can be done with a notice or with what is not understood, but to hide the latter", () => {
  assert.deepEqual(message_actions(message({ type: "notice", code: "added" }), "active"), []);
  assert.deepEqual(message_actions(message({ type: "unknown" }), "active"), ["delete_own"]);
});

test("the up arrow changes the newest message that can be changed", () => {
  const list = [message({ id: "one", own: true }), message({ id: "two", own: true }), message({ id: "three" }), message({ id: "four", own: true, status: "waiting" })];
  assert.equal(last_editable(list, "active")?.id, "two");
  assert.equal(last_editable(list, "stopped"), undefined);
  assert.equal(last_editable([message({})], "active"), undefined);
});
