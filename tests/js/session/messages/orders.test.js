// @ts-check
// Whatever order things come in, by the mailbox or out of the archive, a conversation is the same in the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { from_base64url, to_base64url } from "../../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { ArchivedMessages } from "../../../../static/js/session/archive/take_message.js";
import { new_conversation } from "../../../../static/js/session/conversation_log.js";
import { Device } from "../../../../static/js/session/device.js";
import { to_change } from "../../../../static/js/session/messages/change_body.js";
import { MESSAGE_TAKERS } from "../../../../static/js/session/messages/message_takers.js";
import { message_prefix, waiting_prefix } from "../../../../static/js/session/records.js";
import { open_store } from "../../../../static/js/store/open_store.js";

/** @import { ChangeRecord, Message } from "../../../../static/js/session/records.js" */

globalThis.IDBKeyRange = IDBKeyRange;

const NOW = 1_760_000_000_000;
const id_of = (/** @type {number} */ number) => to_base64url(new Uint8Array(16).fill(number));
const [ME, PEER] = [id_of(1), id_of(2)];

/** @typedef {{ kind: "message", id: string, author: string, time: number, text: string } | ({ kind: "change" } & ChangeRecord)} Event */

const author = fc.constantFrom(ME, PEER);
const time = fc.integer({ min: NOW - 5, max: NOW });
/** Two messages, one of each side, and whatever is done to them: rightly or not. */
const story = fc
  .array(
    fc.record({
      author,
      time,
      target: fc.constantFrom(10, 11),
      emoji: fc.constantFrom(null, "👍", "🎉"),
      pinned: fc.boolean(),
      type: fc.constantFrom(...["edit", "edit", "edit", "reaction", "reaction", "pin", "pin", "delete", "hide"]),
    }),
    { maxLength: 9 },
  )
  .map((changes) => {
    /** @type {Event[]} */
    const events = [
      { kind: "message", id: id_of(10), author: ME, time: NOW - 10, text: "mine" },
      { kind: "message", id: id_of(11), author: PEER, time: NOW - 9, text: "theirs" },
    ];
    for (const [at, { target, type, ...change }] of changes.entries()) events.push(to_event(type, change, id_of(target), id_of(100 + at)));
    return events;
  });

/** @param {string} type @param {{ author: string, time: number, emoji: string | null, pinned: boolean }} change @param {string} to @param {string} id @returns {Event} */
function to_event(type, { author: by, time: at, emoji, pinned }, to, id) {
  const fields = {
    ...(type === "edit" ? { text: `says ${id}` } : {}),
    ...(type === "reaction" ? { emoji } : {}),
    ...(type === "pin" ? { pinned } : {}),
  };
  // Only oneself hides something from oneself, and only the archive says so.
  return { kind: "change", type: /** @type {any} */ (type), to, author: type === "hide" ? ME : by, id, time: at, received: at, ...fields };
}

async function new_device() {
  const store = await open_store("orders", { random: random_bytes, factory: new IDBFactory() });
  await store.take_ownership();
  const device = new Device({ origin: "http://127.0.0.1:1", store, now: () => NOW, random: random_bytes, emit: () => {} });
  device.profile = { account: ME, username: "me", device: id_of(3), created: NOW - 100, recovery_confirmed: true };
  const conversation = new_conversation({ peer: PEER, state: "active", suite: 83, time: NOW });
  await store.transaction((changes) => changes.put("conversations", PEER, conversation));
  return device;
}

/** @param {Event[]} events @param {"live" | "past"} how @param {boolean} in_pieces */
async function play(events, how, in_pieces) {
  const device = await new_device();
  const pieces = in_pieces ? events.map((one) => [one]) : [events];
  for (const piece of pieces) await (how === "live" ? take_live(device, piece) : take_archived(device, piece));
  return end_of(device);
}

/** @param {Device} device @param {Event[]} events */
async function take_live(device, events) {
  await device.store.transaction(async (changes) => {
    const conversation = await changes.get("conversations", PEER);
    for (const event of events) {
      if (event.kind === "change" && event.type === "hide") {
        // It comes by the archive, whatever else comes live.
        const archived = new ArchivedMessages(changes, device, false);
        archived.conversations.set(PEER, conversation);
        await archived.take_change(/** @type {any} */ (to_archived(event)));
        continue;
      }
      const from = { author: event.author, device: id_of(4), own: event.author === ME, place: { mailbox: id_of(5), sequence: 1 } };
      const content = /** @type {any} */ ({ id: from_base64url(event.id), time: event.time, ...(event.kind === "message" ? { type: "text", body: { text: event.text } } : to_change(event)) });
      await MESSAGE_TAKERS[/** @type {"text"} */ (content.type)](changes, device, conversation, from, content);
    }
    changes.put("conversations", PEER, conversation);
  });
}

/** @param {Device} device @param {Event[]} events */
async function take_archived(device, events) {
  await device.store.transaction(async (changes) => {
    const archived = new ArchivedMessages(changes, device, true);
    const bodies = /** @type {any[]} */ (events.map(to_archived));
    await archived.read_ahead(bodies);
    for (const body of bodies) await ("change" in body ? archived.take_change(body) : archived.take(body));
    archived.store();
  });
}

/** @param {Event} event */
function to_archived(event) {
  const head = { conversation: from_base64url(PEER), id: from_base64url(event.id), author: from_base64url(event.author), time: event.time, received: event.time, place: null };
  return event.kind === "message" ? { ...head, type: "text", text: event.text } : { ...head, change: to_change(event) };
}

/** All that a person could see of it. @param {Device} device */
async function end_of(device) {
  const rows = await device.store.list("messages", { prefix: message_prefix(PEER) });
  const messages = rows.map(({ value }) => /** @type {Message} */ (value)).filter(({ type }) => type === "text");
  const shown = messages
    .map(({ id, text, edits, edited, deleted, reactions = {}, pinned }) => ({ id, text, edits, edited, deleted, reactions: Object.entries(reactions).sort(), pinned }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const waiting = await device.store.list("messages", { prefix: waiting_prefix(PEER) });
  const pins = await device.store.list("messages", { prefix: "pin/" });
  return { shown, waiting, pins: pins.map(({ id }) => id) };
}

test("live or restored, in one go or one by one, in any order: the same end, and nothing left waiting", async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.infiniteStream(fc.nat()), fc.constantFrom("live", "past"), fc.boolean(), async (events, dice, how, in_pieces) => {
      const expected = await play(events, "live", false);
      assert.deepEqual(expected.waiting, []);
      const shuffled = events
        .map((event) => ({ event, at: dice.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ event }) => event);
      assert.deepEqual(await play(shuffled, /** @type {"live"} */ (how), in_pieces), expected);
    }),
    { numRuns: 150 },
  );
});

test("only its author changes or deletes a message; whoever else tries is named, once", async () => {
  const device = await new_device();
  /** @type {Event[]} */
  const events = [
    { kind: "message", id: id_of(10), author: ME, time: NOW - 10, text: "mine" },
    to_event("edit", { author: PEER, time: NOW, emoji: null, pinned: false }, id_of(10), id_of(100)),
    to_event("edit", { author: PEER, time: NOW, emoji: null, pinned: false }, id_of(10), id_of(101)),
    to_event("delete", { author: PEER, time: NOW, emoji: null, pinned: false }, id_of(10), id_of(102)),
  ];
  for (const event of events) await take_live(device, [event]);
  const rows = await device.store.list("messages", { prefix: message_prefix(PEER) });
  assert.deepEqual(rows.map(({ value }) => value.text ?? `${value.code} ${value.author === PEER}`), ["mine", "refused_edit true", "refused_delete true"]);
  const [{ value: mine }] = rows;
  assert.deepEqual([mine.edits, mine.deleted], [undefined, undefined]);
});

test("what waits for messages that never come is forgotten, the oldest first, and the rest finds its message", async () => {
  const device = await new_device();
  for (let number = 0; number < 210; number += 1) {
    const to = number === 209 ? id_of(10) : to_base64url(random_bytes(16));
    await take_live(device, [to_event("reaction", { author: PEER, time: NOW, emoji: "👍", pinned: false }, to, to_base64url(random_bytes(16)))]);
  }
  assert.equal(await device.store.count("messages", waiting_prefix(PEER)), 160);
  await take_live(device, [{ kind: "message", id: id_of(10), author: ME, time: NOW, text: "mine" }]);
  const [{ value: message }] = await device.store.list("messages", { prefix: message_prefix(PEER) });
  assert.equal(message.reactions[PEER].emoji, "👍");
});

test("another's change under the id of one that waits takes nothing from it", async () => {
  const device = await new_device();
  const id = id_of(100);
  await take_live(device, [to_event("edit", { author: ME, time: NOW, emoji: null, pinned: false }, id_of(10), id)]);
  await take_live(device, [to_event("reaction", { author: PEER, time: NOW, emoji: "👍", pinned: false }, id_of(10), id)]);
  await take_live(device, [{ kind: "message", id: id_of(10), author: ME, time: NOW, text: "mine" }]);
  const { shown } = await end_of(device);
  assert.deepEqual([shown[0].text, shown[0].reactions.length], [`says ${id}`, 1]);
});

test("a text is edited as often as anybody likes, and only so many versions are kept: the first and the last", async () => {
  const device = await new_device();
  await take_live(device, [{ kind: "message", id: id_of(10), author: PEER, time: NOW - 500, text: "theirs" }]);
  for (let number = 0; number < 40; number += 1) {
    await take_live(device, [to_event("edit", { author: PEER, time: NOW - 100 + number, emoji: null, pinned: false }, id_of(10), id_of(100 + number))]);
  }
  const [{ edits = [], text }] = (await end_of(device)).shown;
  assert.deepEqual([edits.length, edits[0].text, text], [31, "theirs", `says ${id_of(139)}`]);
});
