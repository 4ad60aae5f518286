// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { pack } from "../../../static/js/codec/msgpack.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { read_entry } from "../../../static/js/protocol/archive_schema.js";
import { HISTORY_LIMIT, MOST_GIVEN, MOST_SHARED, read_content } from "../../../static/js/protocol/content_schema.js";
import { fit_history, pack_history, read_history } from "../../../static/js/protocol/history_bundle.js";

/** @import { SharedBody } from "../../../static/js/protocol/archive_schema.js" */

const group = random_bytes(16);
const by = random_bytes(16);
const author = random_bytes(16);

/** @param {number} sequence @param {Partial<SharedBody>} [fields] @returns {SharedBody} */
function message(sequence, fields = {}) {
  return {
    ...{ conversation: group, id: random_bytes(16), author, time: 1_700_000_000_000 + sequence, received: 1_700_000_000_500 + sequence },
    ...{ place: { mailbox: group, sequence }, group: true, type: "shared", shared_by: by, text: `number ${sequence}` },
    ...fields,
  };
}

/** @param {any[]} messages */
const read = (messages, more = {}) => read_history(pack({ v: 1, messages }), { group, by, before: 100, count: messages.length, ...more });
const refused = (/** @type {unknown} */ error) => is_talk2me_error(error, "history_invalid");

test("what is packed is read, with all that stands with a message", () => {
  const file = { ...{ id: random_bytes(16), key: random_bytes(32), digest: random_bytes(32) }, size: 3, name: "a", media: "", kind: /** @type {const} */ ("file") };
  const reply = { id: random_bytes(16), author, text: "what?" };
  const reactions = [{ author: by, emoji: "👍", time: 1 }];
  const messages = [message(3), message(99, { reply, mentions: [by], forwarded: true, files: [file], text: "", edited: 5, reactions })];
  assert.deepEqual(read_history(pack_history(messages), { group, by, before: 100, count: 2 }), messages);
});

test("one message that should not be there, and none is taken", () => {
  const whole = [message(1), message(2)];
  assert.equal(read(whole).length, 2);
  const other = random_bytes(16);
  /** @type {[string, any][]} */
  const wrong = [
    ["of another conversation", message(3, { conversation: other })],
    ["of another mailbox", message(3, { place: { mailbox: other, sequence: 3 } })],
    ["given by somebody else", message(3, { shared_by: other })],
    ["of after the commit", message(100)],
    ["without a place", message(3, { place: null })],
    ["at the place of another", message(2)],
    ["before another", message(1)],
    ["with another's id", message(3, { id: whole[0].id })],
    ["of another type", { ...message(3), type: "text" }],
    ["that disappears", { ...message(3), timer: 5 }],
    ["with an unknown field", { ...message(3), own: true }],
    ["of no group", { ...message(3), group: false }],
    ["without a text", message(3, { text: "" })],
    ["too long", message(3, { text: "x".repeat(16_385) })],
    ["of no time", message(3, { time: -1 })],
    ["edited at no time", message(3, { edited: 2 ** 53 - 1 })],
    ["with no reaction at all", message(3, { reactions: [] })],
    ["with words for a reaction", message(3, { reactions: [{ author, emoji: "x".repeat(33), time: 1 }] })],
    ["with too many reactions", message(3, { reactions: Array.from({ length: 257 }, () => ({ author, emoji: "👍", time: 1 })) })],
    ["that is nothing", null],
  ];
  for (const [what, one] of wrong) assert.throws(() => read([...whole, one]), refused, what);
});

test("another number than was told, more than anybody may give, and too many authors are refused", () => {
  assert.throws(() => read([message(1)], { count: 2 }), refused);
  const many = Array.from({ length: MOST_SHARED + 1 }, (_, at) => message(at + 1));
  assert.equal(read(many.slice(1), { before: 2_000 }).length, MOST_SHARED);
  assert.throws(() => read(many, { before: 2_000 }), refused);
  const authors = Array.from({ length: 257 }, (_, at) => message(at + 1, { author: random_bytes(16) }));
  assert.equal(read(authors.slice(1), { before: 2_000 }).length, 256);
  assert.throws(() => read(authors, { before: 2_000 }), refused);
});

test("bytes that are no bundle are refused", () => {
  const expected = { group, by, before: 100, count: 1 };
  const good = pack_history([message(1)]);
  for (let length = 0; length < good.length; length += 7) assert.throws(() => read_history(good.slice(0, length), expected), refused);
  for (const value of [null, 1, [], { v: 2, messages: [message(1)] }, { v: 1 }, { v: 1, messages: [message(1)], more: 1 }, { v: 1, messages: {} }]) {
    assert.throws(() => read_history(pack(value), expected), refused);
  }
  assert.throws(() => read_history(new Uint8Array(HISTORY_LIMIT + 1), expected), refused);
});

test("what has no room is left out from the oldest on, and what is left fits", () => {
  const messages = Array.from({ length: 50 }, (_, at) => message(at + 1));
  assert.equal(fit_history(messages).length, 50);
  const some = fit_history(messages, 2_000);
  assert.ok(some.length > 3 && some.length < 50 && pack_history(some).length <= 2_000);
  assert.deepEqual(some.at(-1), messages.at(-1));
  assert.deepEqual(fit_history(messages, 100), []);
});

test("an archive keeps one as what it is: as a message of one's own reading it is refused", () => {
  const entry = (/** @type {any} */ body) => read_entry({ v: 1, type: "message", body });
  const given = message(1);
  assert.deepEqual(entry(given), { type: "message", body: given });
  assert.equal(entry({ ...given, shared_by: undefined }), undefined);
  assert.equal(entry({ ...message(1), type: "text" }), undefined);
  assert.equal(entry({ ...message(1), type: "later" }), null);
});

test("a content that gives them has one form", () => {
  const file = { id: random_bytes(16), key: random_bytes(32), digest: random_bytes(32), size: 300 };
  const head = {
    ...{ v: 1, type: "history", id: random_bytes(16), time: 1, seen: { sequence: 0, transcript: random_bytes(32) } },
    ...{ chain: { seq: 1, hash: random_bytes(32) }, checkpoint: null },
  };
  const body = { file, for: [author], count: 5 };
  assert.deepEqual(read_content({ ...head, body })?.type, "history");
  const wrong = [
    ...[{ ...body, for: [] }, { ...body, for: Array.from({ length: MOST_GIVEN + 1 }, () => author) }, { ...body, for: [random_bytes(15)] }],
    ...[0, MOST_SHARED + 1, 1.5, "5"].map((count) => ({ ...body, count })),
    ...[0, HISTORY_LIMIT + 1].map((size) => ({ ...body, file: { ...file, size } })),
    ...[{ ...body, file: { ...file, name: "x" } }, { ...body, file: null }, { ...body, more: 1 }, { file, count: 5 }],
  ];
  for (const one of wrong) assert.equal(read_content({ ...head, body: one }), null, JSON.stringify(one));
});
