// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { add_message, new_conversation } from "../../../static/js/session/conversation_log.js";
import { add_in_order, place_message } from "../../../static/js/session/place_message.js";
import { message_prefix } from "../../../static/js/session/records.js";
import { open_store } from "../../../static/js/store/open_store.js";

/** @import { Conversation } from "../../../static/js/session/records.js" */
/** @import { Store } from "../../../static/js/store/store.js" */

globalThis.IDBKeyRange = IDBKeyRange;

/** @returns {Promise<Store>} */
async function new_store() {
  const store = await open_store("places", { random: random_bytes, factory: new IDBFactory() });
  await store.take_ownership();
  return store;
}

const begin = () => new_conversation({ peer: "peer", state: "active", suite: 83, time: 5_000 });

/** @param {number} at @param {{ sequence?: number, own?: boolean, mailbox?: string }} [more] @returns {any} */
function fields(at, { sequence, own = false, mailbox = "box" } = {}) {
  const place = sequence === undefined ? {} : { place: { mailbox, sequence } };
  return { id: `id ${at}`, own, author: own ? "me" : "peer", type: "text", text: `${at}`, time: at, received: at, status: "stored", ...place };
}

/** @param {Store} store @returns {Promise<string[]>} */
async function texts(store) {
  return (await store.list("messages", { prefix: message_prefix("peer") })).map(({ value }) => value.text);
}

/**
 * @param {Store} store
 * @param {Conversation} conversation
 * @param {any[]} missed
 * @param {boolean} [unread]
 */
async function place_all(store, conversation, missed, unread = false) {
  const lowest = new Map();
  return store.transaction(async (changes) => {
    const placed = [];
    for (const one of missed) placed.push(await place_message(changes, conversation, one, { unread, lowest }));
    return placed;
  });
}

test("a restored history goes below what is there, newest first, whatever the order within a piece", async () => {
  const store = await new_store();
  const conversation = begin();
  await store.transaction((changes) => void [90, 91].map((at) => add_message(changes, conversation, fields(at, { sequence: at }))));
  const [time] = [conversation.time];
  await place_all(store, conversation, [80, 79, 78, 81, 77].map((at) => fields(at, { sequence: at })));
  await place_all(store, conversation, [60, 61].map((at) => fields(at, { sequence: at })));
  assert.deepEqual(await texts(store), ["60", "61", "77", "78", "79", "80", "81", "90", "91"]);
  assert.equal(conversation.last?.text, "91");
  assert.equal(conversation.unread, 2);
  assert.equal(conversation.time, time);
});

test("an empty conversation has the last message and the time of what is restored", async () => {
  const store = await new_store();
  const conversation = begin();
  await place_all(store, conversation, [80, 79].map((at) => fields(at)));
  assert.equal(conversation.last?.text, "80");
  assert.equal(conversation.time, 80);
  assert.equal(conversation.unread, 0);
});

test("a missed message stands where its mailbox has it, although its clock says another time", async () => {
  const store = await new_store();
  const conversation = begin();
  await store.transaction((changes) => {
    for (const sequence of [1, 2, 5, 6]) add_message(changes, conversation, fields(100 + sequence, { sequence }));
  });
  await place_all(store, conversation, [fields(7, { sequence: 3 }), fields(900, { sequence: 4 }), fields(800, { sequence: 7 })], true);
  assert.deepEqual(await texts(store), ["101", "102", "7", "900", "105", "106", "800"]);
  assert.equal(conversation.unread, 7);
  assert.equal(conversation.last?.text, "800");
});

test("what has no place in common goes by time", async () => {
  const store = await new_store();
  const conversation = begin();
  await store.transaction((changes) => {
    for (const at of [10, 20, 30]) add_message(changes, conversation, fields(at, { sequence: at }));
  });
  await place_all(store, conversation, [fields(25), fields(15, { sequence: 99, mailbox: "other" })]);
  assert.deepEqual(await texts(store), ["10", "15", "20", "25", "30"]);
});

test("what this device has written meanwhile keeps nothing of the others out of their order", async () => {
  const store = await new_store();
  const conversation = begin();
  await store.transaction((changes) => {
    for (const at of [100, 200, 300]) add_message(changes, conversation, { ...fields(at, { own: true }), here: true });
  });
  const missed = [fields(50, { sequence: 5 }), fields(250, { sequence: 2 }), fields(150, { sequence: 4 }), fields(350, { sequence: 3 }), fields(120, { sequence: 6 })];
  for (const one of missed) {
    await place_all(store, conversation, [one]);
    // What it has written gets its place later, in any case after what it stands before.
    await store.transaction(async (changes) => {
      const first = (await store.list("messages", { prefix: message_prefix("peer") })).find(({ value }) => value.text === "100");
      changes.put("messages", first?.id ?? "", { ...first?.value, place: { mailbox: "box", sequence: 90 } });
    });
  }
  const others = (await texts(store)).filter((text) => !["100", "200", "300"].includes(text));
  assert.deepEqual(others, ["250", "350", "150", "50", "120"]);
});

test("what is there already stays as it is", async () => {
  const store = await new_store();
  const conversation = begin();
  await store.transaction((changes) => void add_message(changes, conversation, fields(10)));
  const placed = await place_all(store, conversation, [{ ...fields(10), text: "another" }, fields(11), { ...fields(11), text: "again" }]);
  assert.deepEqual(placed.map(Boolean), [false, true, false]);
  assert.deepEqual(await texts(store), ["10", "11"]);
});

for (const [name, arrange] of /** @type {[string, (pieces: any[][]) => any[][]][]} */ ([
  ["oldest first", (pieces) => pieces],
  ["newest first", (pieces) => pieces.reverse().map((piece) => piece.reverse())],
  ["in any order", (pieces) => pieces.reverse().map((piece) => piece.sort((a, b) => (a.time % 17) - (b.time % 17)))],
])) {
  test(`many missed messages fit into one gap, ${name}`, async () => {
    const store = await new_store();
    const conversation = begin();
    await store.transaction((changes) => void [1, 5000].map((at) => add_message(changes, conversation, fields(at, { sequence: at }))));
    const firsts = Array.from({ length: 12 }, (_, piece) => 2 + 125 * piece);
    const pieces = firsts.map((first) => Array.from({ length: 125 }, (_, at) => fields(first + at, { sequence: first + at })));
    for (const piece of arrange(pieces)) await place_all(store, conversation, piece);
    const got = await texts(store);
    assert.equal(got.length, 1502);
    assert.deepEqual(got, [...got].sort((a, b) => Number(a) - Number(b)));
  });
}

test("hundreds fit beside a line that has no place, from either side", async () => {
  const store = await new_store();
  const conversation = begin();
  await store.transaction((changes) => {
    for (const one of [fields(1), fields(500, { sequence: 500 }), fields(1000)]) add_message(changes, conversation, one);
  });
  const sequences = Array.from({ length: 300 }, (_, at) => 499 - at).concat(Array.from({ length: 300 }, (_, at) => 501 + at));
  await place_all(store, conversation, sequences.map((at) => fields(at, { sequence: at })));
  const got = await texts(store);
  assert.deepEqual(got, [...got].sort((a, b) => Number(a) - Number(b)));
});

test("a conversation without room, of an older release, loses nothing", async () => {
  const store = await new_store();
  const conversation = { ...begin(), next_order: 4 };
  await store.transaction((changes) => {
    for (const order of [1, 2, 3]) {
      changes.put("messages", `m/peer/${order.toString(16).padStart(14, "0")}`, { ...fields(10 * order), order });
    }
  });
  await place_all(store, conversation, [fields(5), fields(15)]);
  assert.deepEqual((await texts(store)).sort(), ["10", "15", "20", "30", "5"]);
});

test("a long history stands in its order below what this device had written before it came", async () => {
  const store = await new_store();
  const conversation = begin();
  const written = { ...fields(900_000, { sequence: 900_000, own: true }), here: true };
  await store.transaction((changes) => void add_message(changes, conversation, written));
  const count = 1_500;
  for (let newest = count; newest > 0; newest -= 500) {
    const piece = Array.from({ length: 500 }, (_, at) => newest - at);
    await place_all(store, conversation, piece.map((number) => fields(number, { sequence: number * 8 })));
  }
  const sequences = (await store.list("messages", { prefix: message_prefix("peer") })).map(({ value }) => value.place.sequence);
  assert.deepEqual(sequences, [...sequences].sort((a, b) => a - b));
  assert.equal(sequences.length, count + 1);
});

test("what was written early and sent late stands where its mailbox has it, not below all others", async () => {
  const store = await new_store();
  const conversation = begin();
  await store.transaction((changes) => {
    add_message(changes, conversation, { ...fields(50), id: "a notice", type: "notice", code: "device_added" });
    add_message(changes, conversation, fields(60, { sequence: 10 }));
  });
  await place_all(store, conversation, [fields(40, { sequence: 12 })]);
  await place_all(store, conversation, [fields(55, { sequence: 11 })]);
  assert.deepEqual((await texts(store)).slice(1), ["60", "55", "40"]);
});

test("what the archive brings and what the mailbox brings stand as the mailbox has them, whichever is ahead", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("mailbox"), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant("archive"), sequences: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }) }),
    fc.record({ kind: fc.constant("writes") }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (/** @type {any[]} */ steps) => {
      const store = await new_store();
      const conversation = begin();
      let next = 1;
      let written = 0;
      /** @type {Set<number>} */
      const known = new Set();
      const bring = async (/** @type {number} */ sequence) => {
        if (known.has(sequence)) return;
        known.add(sequence);
        await store.transaction((changes) => add_in_order(changes, conversation, fields(1_000 + ((sequence * 7) % 40), { sequence })).then(() => undefined));
      };
      for (const { kind, count, sequences } of [...steps, { kind: "mailbox", count: 40 }]) {
        if (kind === "mailbox") for (const end = Math.min(41, next + count); next < end; next += 1) await bring(next);
        else if (kind === "archive") {
          for (const sequence of sequences) known.add(sequence);
          await place_all(store, conversation, sequences.map((/** @type {number} */ sequence) => fields(1_000 + ((sequence * 7) % 40), { sequence })));
        } else {
          written += 1;
          const own = { ...fields(1_000 + written, { own: true }), id: `own ${written}`, here: true };
          await store.transaction((changes) => void add_message(changes, conversation, own));
        }
      }
      const others = (await store.list("messages", { prefix: message_prefix("peer") })).filter(({ value }) => !value.here);
      assert.deepEqual(others.map(({ value }) => value.place.sequence), Array.from({ length: 40 }, (_, at) => at + 1));
    }),
    { numRuns: 60 },
  );
});
