// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { delete_store } from "../../../static/js/store/open_store.js";
import { Browser, until } from "../support/browser.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @param {any} code @returns {(error: unknown) => boolean} */
const is = (code) => (error) => is_talk2me_error(error, code);

class Marks {
  /** @type {Map<string, string>} */
  kept = new Map();
  getItem = (/** @type {string} */ name) => this.kept.get(name) ?? null;
  setItem = (/** @type {string} */ name, /** @type {string} */ value) => void this.kept.set(name, value);
  removeItem = (/** @type {string} */ name) => void this.kept.delete(name);
}

describe("a browser's storage", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let bob;
  const storage = {
    asked: 0,
    persist: async () => (storage.asked += 1) > 0,
    persisted: async () => storage.asked > 0,
    estimate: async () => ({ usage: 70_000, quota: 9_000_000 }),
  };

  /** @param {string} username */
  async function make_person(username) {
    const browser = new Browser(server.origin);
    const { locks, factory } = browser;
    browser.options = {
      marks: new Marks(),
      platform: { crypto, WebSocket, BroadcastChannel, indexedDB: factory, navigator: { locks, storage } },
    };
    const person = new Person(browser, await browser.open_tab());
    assert.equal(person.session.was_here(), false);
    await person.do("sign_up", { username });
    return person;
  }
  /** @param {Person} person */
  const close_all = async ({ browser }) => {
    for (const tab of browser.tabs) tab.close();
    browser.tabs = [];
    await new Promise((resolve) => void setTimeout(resolve, 50));
  };
  /** @param {Person} person @param {string} store @param {string} id */
  const take_out = ({ browser: { factory, database_name } }, store, id) =>
    new Promise((resolve) => {
      const request = factory.open(database_name);
      request.onsuccess = () => {
        const transaction = request.result.transaction(store, "readwrite");
        transaction.objectStore(store).delete(id);
        transaction.oncomplete = () => resolve(request.result.close());
      };
    });

  before(async () => {
    server = await start_server();
    bob = await Person.sign_up(server.origin, "bob");
  });
  after(async () => {
    bob?.close();
    await server?.stop();
  });

  it("is asked to stay when the account is made and when the first message is sent, and not again", async () => {
    const alice = await make_person("alice");
    assert.equal(storage.asked, 1);
    await bob.meet(alice);
    await alice.say(bob, "one");
    await until(() => storage.asked === 2);
    await alice.say(bob, "two");
    await bob.hears(alice, "two");
    assert.equal(storage.asked, 2);
    assert.deepEqual(await alice.ask("lock"), { kind: "none", timeout: 0, persisted: true });
    assert.deepEqual(await alice.do("persist_storage"), { persisted: true });
    assert.deepEqual(await alice.do("storage_used"), { used: 70_000, allowed: 9_000_000 });
    assert.deepEqual(await bob.do("persist_storage"), { persisted: false });
    alice.close();
  });

  it("that was wiped is known for what it is, until a person begins anew", async () => {
    const carol = await make_person("carol");
    assert.equal(carol.session.was_here(), false);
    await close_all(carol);
    await delete_store(carol.browser.database_name, carol.browser.factory);
    await carol.reload();
    assert.deepEqual([carol.session.profile(), carol.session.was_here(), carol.session.damaged], [null, true, false]);
    const view = await carol.browser.open_tab();
    assert.ok(view.was_here());
    await carol.do("erase_browser");
    assert.equal(carol.session.was_here(), false);
    await carol.do("sign_up", { username: "carol.again" });
    assert.equal(carol.session.was_here(), false);
    carol.close();
  });

  it("whose key is gone opens as a browser that can only be erased, and is a new one then", async () => {
    for (const [store, id, name] of [["keys", "wrapping", "dora"], ["keys", "data_key", "dora.2"]]) {
      const dora = await make_person(name);
      await close_all(dora);
      await take_out(dora, store, id);
      await dora.reload();
      const view = await dora.browser.open_tab();
      for (const tab of [dora.session, view]) {
        assert.deepEqual([tab.profile(), tab.was_here(), tab.damaged, tab.locked()], [null, true, true, false]);
        await assert.rejects(tab.commands.sign_up({ username: "x.y" }), is("storage_damaged"));
        await assert.rejects(tab.queries.conversations(), is("storage_damaged"));
      }
      await view.commands.erase_browser();
      await until(() => !view.damaged && !dora.session.damaged);
      assert.deepEqual([dora.session.was_here(), view.was_here()], [false, false]);
      await view.commands.sign_up({ username: `${name}.again` });
      assert.equal(dora.session.profile()?.username, `${name}.again`);
      assert.deepEqual(dora.browser.faults, []);
      dora.close();
    }
  });

  it("whose profile is gone while its mark is there leads to recovery as well", async () => {
    const erik = await make_person("erik");
    await close_all(erik);
    await take_out(erik, "meta", "profile");
    await erik.reload();
    assert.deepEqual([erik.session.profile(), erik.session.was_here()], [null, true]);
    erik.close();
  });

  it("says what would be lost with it", async () => {
    const before_sign_up = new Browser(server.origin);
    const empty = await before_sign_up.open_tab();
    const nothing = { unarchived: 0, archive_on: true, recovery_confirmed: false, other_devices: 0 };
    assert.deepEqual(await empty.queries.losses(), nothing);
    before_sign_up.close();
    const frida = await make_person("frida");
    await frida.device.store.transaction((changes) => {
      for (const id of ["a/1", "a/2", "m/1"]) changes.put("outbox", id, { key: id, due: Date.now() + 3_600_000, type: "vault", version: 1, hash: new Uint8Array(32) });
    });
    assert.ok((await frida.ask("losses")).unarchived >= 2);
    const noted = (await frida.ask("losses")).unarchived;
    await frida.device.store.transaction(async (changes) => {
      for (const id of ["m/x/1", "m/x/2", "m/x/3", "i/x/1"]) changes.put("messages", id, { id });
      await changes.update("meta", "archive", (state) => (state.backfill = { after: "m/x/1", again: false }));
    });
    assert.equal((await frida.ask("losses")).unarchived, noted + 2, "what is not looked at yet counts");
    await frida.device.store.transaction(async (changes) => {
      await changes.update("contacts", frida.account, ({ chain: { devices } }) => devices.push({ ...devices[0], removed: null }, { ...devices[0], removed: 7 }));
      await changes.update("meta", "settings", (settings) => (settings.archive = false));
    });
    const { other_devices, archive_on } = await frida.ask("losses");
    assert.deepEqual([other_devices, archive_on], [1, false]);
    frida.close();
  });
});
