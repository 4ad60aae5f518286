// @ts-check
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { begin_backfill } from "../../../static/js/session/archive/backfill_archive.js";
import { get_state } from "../../../static/js/session/archive/archive_state.js";
import { add_device, archived, is_restored } from "../support/archives.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */
/** @import { Tamper } from "../support/tampering_socket.js" */

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let to_second = honest;
/** @type {Tamper} */
let to_third = honest;
let ahead = 0;
const now = () => Date.now() + ahead;

describe("what one device has missed and another has", { timeout: 300_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let second;
  /** @type {Person | undefined} */
  let third;
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin, [{ now }, { now }]);
    recovery_key = await alice.do("pending_recovery_key");
    const make_socket = tampering_sockets(server.origin, () => to_second);
    second = await add_device(alice, server.origin, recovery_key, { make_socket, now });
    await until(async () => (await is_restored(second)) && (await second.has_joined(bob)), "joined");
    await bob.say(alice, "before the gap");
    await second.hears(bob, "before the gap");
  });
  afterEach(() => {
    to_second = honest;
    to_third = honest;
  });
  after(async () => {
    for (const one of [alice, bob, second, third]) one?.close();
    await server?.stop();
  });

  it("comes in where it belongs, is unread, and the conversation says where it is from", async () => {
    ahead += 120_000;
    second.session.close();
    const texts = ["missed 1", "missed 2", "missed 3"];
    for (const text of texts) await bob.say(alice, text);
    await alice.hears(bob, "missed 3");
    const missed = (await alice.messages(bob)).filter(({ text }) => texts.includes(text)).map(({ place }) => place.sequence);
    await bob.say(alice, "after the gap");
    await alice.hears(bob, "after the gap");
    await until(async () => (await alice.ask("archive")).waiting === 0, "written");
    to_second = (frame) => {
      const { mailbox, envelopes } = frame;
      if (!envelopes || envelopes.every((/** @type {any} */ { kind }) => kind === "archive") || !mailbox) return frame;
      return { ...frame, envelopes: envelopes.filter((/** @type {any} */ { sequence }) => !missed.includes(sequence)) };
    };
    await second.reload();
    await second.hears(bob, "after the gap");
    await second.hears(bob, "missed 3");
    const got = await second.texts(bob);
    assert.deepEqual(got.slice(-5), ["before the gap", ...texts, "after the gap"]);
    const notices = await second.notices(bob);
    assert.equal(notices.filter((code) => code === "recovered_messages").length, 1);
    assert.ok(notices.includes("history_differs"));
    assert.ok((await second.ask("conversation", { id: bob.account })).unread >= 4);
  });

  it("is not shown twice when it comes by both ways", async () => {
    for (const number of [1, 2, 3, 4]) await bob.say(alice, `live ${number}`);
    await alice.hears(bob, "live 4");
    await second.hears(bob, "live 4");
    await until(async () => (await alice.ask("archive")).waiting + (await second.ask("archive")).waiting === 0, "written");
    const states = await Promise.all([alice, second].map(({ device }) => get_state(device.store)));
    await until(async () => {
      const [a, b] = await Promise.all([alice, second].map(({ device }) => get_state(device.store)));
      return a?.read === b?.read && a?.read === (await archived(alice));
    }, `both have read on from ${states.map((state) => state?.read)}`);
    for (const one of [alice, second]) {
      const texts = await one.texts(bob);
      assert.equal(new Set(texts).size, texts.length);
    }
    const entries = await second.device.request({ type: "envelope.drain", mailbox: from_base64url(/** @type {any} */ (states[0]).mailbox), after: 0, limit: 256 });
    const ids = entries.envelopes.map((/** @type {any} */ { id }) => to_base64url(id));
    assert.equal(new Set(ids).size, ids.length);
  });

  it("is read on after a page that was closed in the middle, to the same end", async () => {
    for (let number = 0; number < 150; number += 1) await bob.say(alice, `many ${number}`);
    await alice.hears(bob, "many 149");
    await until(async () => (await alice.ask("archive")).waiting === 0 && (await archived(alice)) > 150, "written");
    let pieces = 0;
    to_third = (frame) => {
      const is_back = frame.type === "envelope.batch" && frame.envelopes.some((/** @type {any} */ { kind }) => kind === "archive");
      if (is_back) pieces += 1;
      return is_back && pieces > 1 ? null : frame;
    };
    const make_socket = tampering_sockets(server.origin, () => to_third);
    third = await add_device(alice, server.origin, recovery_key, { make_socket, now });
    const device = third;
    await until(async () => ((await device.ask("archive")).done ?? 0) > 0, "one piece is there");
    const half = await device.ask("archive");
    assert.equal(half.state, "restoring");
    assert.ok(half.done >= 64 && half.done < half.total);
    assert.ok(half.bytes > 0 && half.bytes < half.bytes_total);
    assert.ok((await device.texts(bob)).includes("many 149"));
    assert.ok(!(await device.texts(bob)).includes("before the gap"));
    to_third = honest;
    await device.reload();
    await until(() => is_restored(device), "restored");
    assert.deepEqual(await device.texts(bob), await alice.texts(bob));
    assert.equal((await device.ask("archive")).state === "restoring", false);
  });

  it("is written from what was there before the archive, by whichever device has it", async () => {
    const { mailbox } = /** @type {any} */ (await get_state(alice.device.store));
    const head = await archived(alice);
    // As an older release has left them.
    await alice.device.store.transaction(async (changes) => {
      for (const { id, value } of await alice.device.store.list("messages", { prefix: "m/" })) {
        delete value.archived;
        delete value.place;
        changes.put("messages", id, value);
      }
      await begin_backfill(changes, alice.device);
    });
    await until(async () => (await get_state(alice.device.store))?.backfill === null && (await alice.ask("archive")).waiting === 0, "looked through");
    assert.equal((await get_state(alice.device.store))?.mailbox, mailbox);
    // All of it was there: no text went in twice.
    const added = (await archived(alice)) - head;
    assert.ok(added <= 8, `${added} links and notes`);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, second, third].flatMap((one) => one?.browser.faults ?? []), []);
  });
});
