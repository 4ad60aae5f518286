// @ts-check
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { IDBObjectStore } from "fake-indexeddb";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Person } from "../support/people.js" */

const { put } = IDBObjectStore.prototype;
/** After so many writes of one browser the disk is full. */
function fill_disk(/** @type {IDBFactory} */ factory, /** @type {number} */ writes) {
  let left = writes;
  IDBObjectStore.prototype.put = function full(/** @type {any} */ value, /** @type {any} */ key) {
    const { _rawDatabase: raw } = /** @type {any} */ (this).transaction.db;
    const is_this = [.../** @type {any} */ (factory)._databases.values()].includes(raw);
    if (is_this && left <= 0) throw new DOMException("no room", "QuotaExceededError");
    if (is_this) left -= 1;
    return put.call(this, value, key);
  };
}

describe("a browser whose storage is full", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
  });
  afterEach(() => {
    IDBObjectStore.prototype.put = put;
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  it("refuses to take a text, says so, half writes nothing and goes on reading", async () => {
    const before_it = await alice.messages(bob);
    for (const writes of [0, 1, 2, 3]) {
      fill_disk(alice.browser.factory, writes);
      await assert.rejects(alice.say(bob, "too much"), (error) => is_talk2me_error(error, "storage_full"));
    }
    assert.ok(alice.alert_codes.includes("storage_full"));
    assert.deepEqual(await alice.messages(bob), before_it);
    assert.equal((await alice.ask("conversations")).length, 1);
  });

  it("takes nothing in while it is full, and everything once there is room", async () => {
    const { cursor: before_it } = await alice.place(bob);
    alice.browser.alerts.length = 0;
    fill_disk(alice.browser.factory, 2);
    await bob.say(alice, "one");
    await bob.say(alice, "two");
    await until(() => alice.alert_codes.includes("storage_full"));
    assert.deepEqual((await alice.place(bob)).cursor, before_it);
    IDBObjectStore.prototype.put = put;
    await bob.say(alice, "three");
    await alice.hears(bob, "three");
    assert.deepEqual((await alice.texts(bob)).slice(-3), ["one", "two", "three"]);
    await alice.say(bob, "room again");
    await bob.hears(alice, "room again");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
