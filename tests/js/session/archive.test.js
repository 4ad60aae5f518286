// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { NOTED } from "../../../static/js/session/archive/note_archive.js";
import { until } from "../support/browser.js";
import { add_device, archived, is_restored } from "../support/archives.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Person } from "../support/people.js" */

describe("the archive", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let second;
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    recovery_key = await alice.do("pending_recovery_key");
  });
  after(async () => {
    for (const one of [alice, bob, second]) one?.close();
    await server?.stop();
  });

  it("has what was said, by either, once each", async () => {
    for (const number of [1, 2, 3]) await alice.say(bob, `from alice ${number}`);
    await bob.hears(alice, "from alice 3");
    await bob.say(alice, "from bob");
    await alice.hears(bob, "from bob");
    await until(async () => (await archived(alice)) >= 6 && (await alice.ask("archive")).waiting === 0, "written");
    assert.deepEqual(await alice.device.store.list("outbox", { prefix: NOTED }), []);
    const { on, missing } = await alice.ask("archive");
    assert.deepEqual([on, missing], [true, 0]);
  });

  it("brings a new device everything, in its order, with nothing of it unread", async () => {
    second = await add_device(alice, server.origin, recovery_key);
    await until(() => is_restored(second), "restored");
    assert.deepEqual(await second.texts(bob), await alice.texts(bob));
    const [conversation] = await second.ask("conversations");
    assert.equal(conversation.unread, 0);
    assert.equal(conversation.last.text, "from bob");
    assert.deepEqual(second.alert_codes, []);
  });

  it("goes on being written once, by whichever device is first", async () => {
    await until(async () => (await second.place(bob)).cursor.behind === false, "joined");
    const before_it = await archived(alice);
    await bob.say(alice, "to both of you");
    await alice.hears(bob, "to both of you");
    await second.hears(bob, "to both of you");
    await second.say(bob, "from the second");
    await alice.hears(bob, "from the second");
    await until(async () => (await alice.ask("archive")).waiting + (await second.ask("archive")).waiting === 0, "written");
    const texts = [await alice.texts(bob), await second.texts(bob)];
    assert.deepEqual(texts[0], texts[1]);
    for (const list of texts) assert.equal(new Set(list).size, list.length);
    assert.ok((await archived(alice)) >= before_it + 2);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, second].flatMap(({ browser }) => browser.faults), []);
  });
});
