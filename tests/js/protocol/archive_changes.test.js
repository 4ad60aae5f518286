// @ts-check
// What the archive holds of messages beyond their text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { to_hex } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { change_entry_id, derive_archive, message_entry_id } from "../../../static/js/protocol/archive_keys.js";
import { read_entry } from "../../../static/js/protocol/archive_schema.js";

const [conversation, id, author] = [random_bytes(16), random_bytes(16), random_bytes(16)];
const head = { conversation, id, author, time: 1_760_000_000_000, received: 1_760_000_000_100, place: null };
const change = { type: "edit", body: { to: id, text: "y" } };
const text = { ...head, type: "text", text: "x" };
const reply = { id, author, text: "what was said" };

test("taken as it was: each kind of change, and a message with all that can be with it", () => {
  const changes = [
    change,
    { type: "delete", body: { to: id } },
    { type: "hide", body: { to: id } },
    { type: "reaction", body: { to: id, emoji: "👍" } },
    { type: "pin", body: { to: id, pinned: false } },
  ];
  for (const one of changes) {
    const entry = { type: "change", body: { ...head, change: one } };
    assert.deepEqual(read_entry({ v: 1, ...entry }), entry);
  }
  const message = { type: "message", body: { ...text, reply, mentions: [author], forwarded: true, group: true } };
  assert.deepEqual(read_entry({ v: 1, ...message }), message);
});

test("refused: what is no change, or more than one", () => {
  const wrong = [
    { ...head, change: { type: "text", body: { text: "x" } } },
    { ...head, change: { type: "receipt", body: { delivered: [id] } } },
    { ...head, change: { type: "hide", body: {} } },
    { ...head, change: { type: "hide", body: { to: id, text: "x" } } },
    { ...head, change: { type: "toString", body: { to: id } } },
    { ...head, change: { ...change, more: 1 } },
    { ...head, change, text: "x" },
    { ...head, change, group: false },
    head,
  ];
  for (const body of wrong) assert.equal(read_entry({ v: 1, type: "change", body }), undefined);
});

test("refused: a message with a timer, since such are not archived, and one with half a reply", () => {
  for (const more of [{ timer: 60 }, { reply: { id } }, { forwarded: false }, { mentions: [] }, { status: "read" }]) {
    assert.equal(read_entry({ v: 1, type: "message", body: { ...text, ...more } }), undefined);
  }
});

test("a change has an id of its own, which another's change with the same content id has not", async () => {
  const keys = await derive_archive(random_bytes(32), author, 1);
  const ids = await Promise.all([
    change_entry_id(keys, conversation, author, id),
    change_entry_id(keys, conversation, random_bytes(16), id),
    change_entry_id(keys, random_bytes(16), author, id),
    change_entry_id(keys, conversation, author, random_bytes(16)),
    message_entry_id(keys, conversation, id),
  ]);
  assert.equal(new Set(ids.map(to_hex)).size, ids.length);
  assert.deepEqual(await change_entry_id(keys, conversation, author, id), ids[0]);
});
