// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { first_unread, message_rows } from "../../../static/js/ui/helpers/message_rows.js";

/** @import { Message } from "../../../static/js/ui/session_types.js" */

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 2, 18, 12);

/**
 * @param {number} order
 * @param {string} account
 * @param {number} minutes after noon
 * @param {Partial<Message>} [fields]
 * @returns {Message}
 */
function message(order, account, minutes, fields = {}) {
  const author = { account, username: account };
  const time = NOON + minutes * MINUTE;
  return { id: `m${order}`, order, own: account === "me", author, type: "text", text: "x", time, status: "stored", ...fields };
}

/** @param {ReturnType<typeof message_rows>} rows */
const kinds = (rows) => rows.map(({ kind }) => kind);
/** @param {ReturnType<typeof message_rows>} rows */
const edges = (rows) => rows.flatMap((row) => (row.kind === "message" ? [`${row.first ? "[" : "-"}${row.last ? "]" : "-"}`] : []));

test("each day begins with a separator", () => {
  const rows = message_rows([message(1, "me", 0), message(2, "me", 24 * 60), message(3, "me", 24 * 60 + 1)], { zone: "UTC" });
  assert.deepEqual(kinds(rows), ["day", "message", "day", "message", "message"]);
});

test("messages of one author a few minutes apart are one group", () => {
  const rows = message_rows([message(1, "me", 0), message(2, "me", 4), message(3, "me", 9), message(4, "bob", 9)], { zone: "UTC" });
  assert.deepEqual(edges(rows), ["[-", "-]", "[]", "[]"]);
});

test("a notice, a new day and the mark of what is new end a group", () => {
  const notice = message(2, "me", 1, { type: "notice", code: "device_added" });
  assert.deepEqual(edges(message_rows([message(1, "me", 0), notice, message(3, "me", 2)], { zone: "UTC" })), ["[]", "[]"]);
  const midnight = [message(1, "me", 12 * 60 - 1), message(2, "me", 12 * 60)];
  assert.deepEqual(edges(message_rows(midnight, { zone: "UTC" })), ["[]", "[]"]);
  const marked = message_rows([message(1, "bob", 0), message(2, "bob", 1)], { zone: "UTC", marker: 2 });
  assert.deepEqual(kinds(marked), ["day", "message", "marker", "message"]);
  assert.deepEqual(edges(marked), ["[]", "[]"]);
});

test("what is new is counted from the newest, without my own and without notices", () => {
  const messages = [
    message(1, "bob", 0),
    message(2, "bob", 1),
    message(3, "me", 2),
    message(4, "bob", 3, { type: "notice" }),
    message(5, "bob", 4),
  ];
  assert.equal(first_unread(messages, 2), 2);
  assert.equal(first_unread(messages, 1), 5);
  assert.equal(first_unread(messages, 0), undefined);
  assert.equal(first_unread(messages, 99), 1);
  assert.equal(first_unread([message(1, "me", 0)], 1), undefined);
});

test("whatever is said, each message has one row, keys are unique and groups open and close in turn", () => {
  const steps = fc.array(fc.record({ author: fc.constantFrom("me", "bob"), wait: fc.nat(3000), notice: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(steps, fc.nat(40), (list, marker) => {
      let minutes = 0;
      const messages = list.map(({ author, wait, notice }, index) => {
        minutes += wait;
        return message(index, author, minutes, { type: notice ? "notice" : "text" });
      });
      const rows = message_rows(messages, { zone: "UTC", marker });
      assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
      assert.deepEqual(
        rows.flatMap((row) => ("message" in row ? [row.message.id] : [])),
        messages.map(({ id }) => id),
      );
      let open = false;
      for (const row of rows) {
        if (row.kind !== "message") {
          assert.equal(open, false);
          continue;
        }
        assert.equal(row.first, !open);
        open = !row.last;
      }
      assert.equal(open, false);
    }),
  );
});

test("where what somebody gave ends is said, once for each who gave", () => {
  const [ana, ben] = ["ana", "ben"].map((name) => ({ account: name, username: name }));
  const given = [message(1, "bob", 0, { shared_by: ana }), message(2, "bob", 1, { shared_by: ana }), message(3, "bob", 2, { shared_by: ben })];
  const rows = message_rows([...given, message(4, "bob", 3, { type: "notice", code: "added" }), message(5, "bob", 4)], { zone: "UTC" });
  assert.deepEqual(kinds(rows), ["day", "message", "message", "shared_end", "message", "shared_end", "notice", "message"]);
  assert.deepEqual(edges(rows), ["[-", "-]", "[]", "[]"]);
  assert.deepEqual(rows.flatMap((row) => (row.kind === "shared_end" ? [row.by.username] : [])), ["ana", "ben"]);
  assert.deepEqual(kinds(message_rows([message(1, "bob", 0), message(2, "bob", 1)], { zone: "UTC" })), ["day", "message", "message"]);
});
