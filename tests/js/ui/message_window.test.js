// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { add_newer, add_older, EMPTY, MOST, open_window, PAGE, refresh_window } from "../../../static/js/ui/helpers/message_window.js";

/** @import { Message } from "../../../static/js/ui/session_types.js" */
/** @import { Window } from "../../../static/js/ui/helpers/message_window.js" */

/** @param {number} from @param {number} to @returns {Message[]} with these orders */
const messages = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => /** @type {Message} */ ({ id: `m${from + index}`, order: from + index }));

/** @param {Window} window */
const edges = ({ messages: list, older, newer }) => [list[0]?.order, list.at(-1)?.order, older, newer];

test("a conversation opens at its newest, and knows whether there are older ones", () => {
  assert.deepEqual(edges(open_window(messages(1, 5), PAGE)), [1, 5, false, false]);
  assert.deepEqual(edges(open_window(messages(1, PAGE), PAGE)), [1, PAGE, true, false]);
});

test("where more is new than a window holds, it begins at the first of them", () => {
  const opened = open_window(messages(1, 500), 600, 200);
  assert.equal(opened.messages[0].order, 200 - PAGE / 2);
  assert.equal(opened.messages.length, MOST);
  assert.deepEqual([opened.older, opened.newer], [true, true]);
  assert.deepEqual(edges(open_window(messages(1, 50), 60, 40)), [1, 50, false, false]);
});

test("older ones push out the newest, newer ones the oldest, and both are known to be there", () => {
  const full = { messages: messages(1000, 1000 + MOST - 1), older: true, newer: false };
  assert.deepEqual(edges(add_older(full, messages(1000 - PAGE, 999))), [1000 - PAGE, 999 + MOST - PAGE, true, true]);
  const back = add_newer({ ...full, newer: true }, messages(1000 + MOST, 1000 + MOST + 4));
  assert.deepEqual(edges(back), [1005, 1004 + MOST, true, false]);
});

test("whoever is at the end follows what is new; whoever is not keeps what they read", () => {
  const full = { messages: messages(1, MOST), older: false, newer: false };
  const limit = MOST + PAGE;
  assert.deepEqual(edges(refresh_window(full, messages(1, MOST + 3), limit, true)), [4, MOST + 3, true, false]);
  assert.deepEqual(edges(refresh_window(full, messages(1, MOST + 3), limit, false)), [1, MOST, false, true]);
  assert.deepEqual(edges(refresh_window(full, messages(1, limit), limit, true)), [1, MOST, false, true]);
  assert.deepEqual(edges(refresh_window({ ...full, newer: true }, messages(1, MOST), MOST, true)), [1, MOST, false, true]);
});

test("messages that are gone are gone from the window", () => {
  assert.deepEqual(edges(refresh_window({ messages: messages(1, 5), older: false, newer: false }, messages(3, 5), 5 + PAGE, true)), [3, 5, false, false]);
  assert.deepEqual(edges(EMPTY), [undefined, undefined, false, false]);
});

test("however somebody scrolls, the window is a part of the conversation without gaps, is never too long, and says what lies beyond", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 900 }), fc.array(fc.constantFrom("older", "newer"), { maxLength: 60 }), (count, moves) => {
      let window = open_window(messages(Math.max(1, count - PAGE + 1), count), PAGE);
      for (const move of moves) {
        const [first, last] = [window.messages[0].order, window.messages.at(-1)?.order ?? 0];
        if (move === "older" && window.older) window = add_older(window, messages(Math.max(1, first - PAGE), first - 1));
        if (move === "newer" && window.newer) window = add_newer(window, messages(last + 1, Math.min(count, last + PAGE)));
        const orders = window.messages.map(({ order }) => order);
        assert.ok(orders.length <= MOST);
        assert.ok(orders.every((order, index) => index === 0 || order === orders[index - 1] + 1));
        if (orders[0] > 1) assert.ok(window.older);
        if ((orders.at(-1) ?? 0) < count) assert.ok(window.newer);
      }
    }),
  );
});
