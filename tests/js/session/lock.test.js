// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error, Talk2meError } from "../../../static/js/errors.js";
import { until } from "../support/browser.js";
import { FakeAuthenticator } from "../support/passkey.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Person } from "../support/people.js" */
/** @import { Session } from "../../../static/js/session/open_session.js" */

const passphrase = "correct horse battery";

/** @param {any} code @returns {(error: unknown) => boolean} */
const is = (code) => (error) => is_talk2me_error(error, code);

/** @param {import("../support/browser.js").Browser} browser @returns {Promise<string[]>} */
function key_names({ factory, database_name }) {
  return new Promise((resolve, reject) => {
    const request = factory.open(database_name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const names = request.result.transaction("keys").objectStore("keys").getAllKeys();
      names.onsuccess = () => {
        request.result.close();
        resolve(/** @type {string[]} */ (names.result));
      };
    };
  });
}

describe("the lock of a browser", { timeout: 300_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Session} */
  let view;
  /** @type {any} what others know of alice while her browser is locked */
  let alice_elsewhere;
  let shift = 0;
  /** @type {Set<string>} tokens that alice's browser has used */
  const tokens = new Set();
  const authenticator = new FakeAuthenticator();

  /** @type {import("../../../static/js/transport/call_api.js").Fetch} */
  const seen_fetch = (input, init) => {
    const { authorization } = /** @type {Record<string, string>} */ (init.headers);
    if (authorization) tokens.add(authorization);
    return fetch(input, init);
  };
  const all_locked = () => alice.browser.tabs.every((tab) => tab.locked() && tab.profile() === null && tab.device === null);
  const all_open = () => alice.browser.tabs.every((tab) => !tab.locked() && tab.profile() !== null);

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin, [{ now: () => Date.now() + shift, fetch: seen_fetch, credentials: authenticator }]);
    view = await alice.browser.open_tab();
    alice_elsewhere = { account: alice.account };
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  it("is not there until somebody sets one, and nobody signs out without one", async () => {
    assert.deepEqual(await view.queries.lock(), { kind: "none", timeout: 0, persisted: null });
    for (const command of ["lock_now", "sign_out"]) await assert.rejects(alice.do(command), is("lock_missing"));
    await assert.rejects(view.commands.set_lock({ passphrase: "seven77", timeout: 5 }), is("lock_short"));
    await assert.rejects(view.commands.set_lock({ passphrase, timeout: 7 }), is("bad_request"));
    assert.ok(all_open());
  });

  it("is set in a view, and stays open where it was open", async () => {
    await view.commands.set_lock({ passphrase, timeout: 5 });
    for (const tab of [alice.session, view]) {
      assert.deepEqual(await tab.queries.lock(), { kind: "passphrase", timeout: 5, persisted: null });
      assert.equal((await tab.queries.conversations()).length, 1);
    }
    assert.ok(all_open());
    const names = await key_names(alice.browser);
    assert.ok(names.includes("lock"));
    for (const gone of ["wrapping", "data_key", "change"]) assert.ok(!names.includes(gone), gone);
  });

  it("locked in one tab, every tab is: nothing is read, written, sent or received", async () => {
    /** @type {any[]} */
    const heard = [];
    alice.session.on("locked", (event) => heard.push(event));
    await view.commands.lock_now();
    await until(all_locked);
    assert.deepEqual(heard, [{ locked: true }]);
    for (const tab of [alice.session, view]) {
      assert.equal(tab.connection.state, "offline");
      assert.equal(tab.was_here(), false);
      await assert.rejects(tab.queries.conversations(), is("locked"));
      await assert.rejects(tab.commands.send_text({ conversation: bob.account, text: "x" }), is("locked"));
      assert.deepEqual(await tab.queries.lock(), { kind: "passphrase", timeout: 0, persisted: null });
    }
    await bob.say(alice_elsewhere, "while you were away");
    await bob.sees_status(alice_elsewhere, "while you were away", "stored");
    await new Promise((resolve) => void setTimeout(resolve, 300));
    await bob.sees_status(alice_elsewhere, "while you were away", "stored");
  });

  it("a tab that is opened then is locked as well", async () => {
    const third = await alice.browser.open_tab();
    assert.deepEqual([third.locked(), third.profile()], [true, null]);
    await assert.rejects(third.commands.unlock({ passphrase: "correct horse batter" }), is("lock_wrong"));
    await assert.rejects(third.commands.unlock({}), is("lock_wrong"));
    assert.ok(all_locked());
    third.close();
    alice.browser.tabs.pop();
  });

  it("unlocked in one tab, every tab is, and what came meanwhile is there", async () => {
    await view.commands.unlock({ passphrase });
    await until(all_open);
    assert.deepEqual([alice.session, view].map((tab) => tab.profile()?.role), ["owner", "view"]);
    await alice.hears(bob, "while you were away");
    await view.commands.send_text({ conversation: bob.account, text: "back again" });
    await bob.hears(alice, "back again");
    const third = await alice.browser.open_tab();
    await until(() => third.profile()?.username === alice.name);
    assert.equal((await third.queries.conversations()).length, 1);
    third.close();
    alice.browser.tabs.pop();
  });

  it("can be a passkey, asked for in the tab where the person is", async () => {
    authenticator.prf = false;
    await assert.rejects(view.commands.set_lock({ passkey: true, timeout: 5 }), is("passkey_no_prf"));
    authenticator.prf = true;
    await view.commands.set_lock({ passkey: true, timeout: 5 });
    assert.equal((await alice.ask("lock")).kind, "passkey");
    await view.commands.lock_now();
    await until(all_locked);
    authenticator.cancels = true;
    await assert.rejects(view.commands.unlock(), is("passkey_cancelled"));
    await assert.rejects(view.commands.unlock({ passphrase }), is("passkey_cancelled"));
    authenticator.cancels = false;
    await view.commands.unlock();
    await until(all_open);
    assert.ok((await alice.texts(bob)).includes("while you were away"));
  });

  it("locks when nobody has touched any tab for so long, and not before", async () => {
    await view.commands.set_lock_timeout({ timeout: 1 });
    await until(async () => alice.session.lock.idle.limit === 60_000 && view.lock.idle.limit === 60_000);
    shift += 40_000;
    view.touch();
    await until(() => alice.session.lock.idle.touched > Date.now() + shift - 10_000);
    shift += 40_000;
    alice.session.touch();
    assert.ok(all_open());
    shift += 61_000;
    view.touch();
    await until(all_locked);
    await alice.do("unlock");
    await until(all_open);
    await alice.do("set_lock_timeout", { timeout: 0 });
    shift += 3_600_000;
    alice.session.touch();
    assert.ok(all_open());
  });

  it("a browser that is closed and opened is locked", async () => {
    view.close();
    alice.browser.tabs = [];
    await alice.reload();
    assert.deepEqual([alice.session.locked(), alice.session.profile()], [true, null]);
    view = await alice.browser.open_tab();
    assert.ok(view.locked());
    // The owner goes: who comes after it is the owner of what is locked.
    alice.session.close();
    alice.browser.tabs = [view];
    alice.session = view;
    await until(() => view.ownership.owned);
    await view.commands.unlock();
    assert.equal(view.profile()?.role, "owner");
    await alice.say(bob, "a new owner");
    await bob.hears(alice, "a new owner");
  });

  it("signing out locks, and no token of this browser counts any more", async () => {
    view = await alice.browser.open_tab();
    const token = /** @type {string} */ ([...tokens].at(-1));
    const ask = () => fetch(`${server.origin}/api/settings`, { headers: { authorization: token } });
    assert.equal((await ask()).status, 200);
    await until(() => alice.device.online);
    await view.commands.sign_out();
    await until(all_locked);
    assert.equal((await ask()).status, 401);
    await view.commands.unlock();
    await until(all_open);
    await until(() => alice.device.online);
  });

  it("a page that ends while the lock is changed: the next one goes on by itself", async () => {
    const { store } = alice.device;
    const run = store.transaction.bind(store);
    let left = 2;
    store.transaction = async (work) => {
      if ((await store.get_key("change")) && left-- <= 0) throw new Talk2meError("storage_blocked");
      return run(work);
    };
    await assert.rejects(alice.do("set_lock", { passphrase, timeout: 15 }), is("storage_blocked"));
    for (const tab of alice.browser.tabs) tab.close();
    alice.browser.tabs = [];
    alice.session = await alice.browser.open_tab();
    assert.equal((await alice.ask("lock")).kind, "passkey");
    await alice.do("unlock");
    assert.equal((await alice.ask("conversations")).length, 1);
    await until(async () => !(await key_names(alice.browser)).includes("change"));
    await alice.do("lock_now");
    assert.equal((await alice.ask("lock")).kind, "passphrase");
    await alice.do("unlock", { passphrase });
    assert.ok((await alice.texts(bob)).includes("while you were away"));
    await bob.say(alice, "after the change");
    await alice.hears(bob, "after the change");
  });

  it("is taken off only by who could open it; then the browser opens by itself", async () => {
    view = await alice.browser.open_tab();
    await assert.rejects(view.commands.remove_lock({ passphrase: "not this one" }), is("lock_wrong"));
    await view.commands.remove_lock({ passphrase });
    assert.deepEqual(await view.queries.lock(), { kind: "none", timeout: 0, persisted: null });
    for (const tab of alice.browser.tabs) tab.close();
    alice.browser.tabs = [];
    alice.session = await alice.browser.open_tab();
    assert.equal(alice.session.locked(), false);
    await alice.say(bob, "without a lock");
    await bob.hears(alice, "without a lock");
  });

  it("who has forgotten the passphrase can erase the browser, from any tab", async () => {
    await alice.do("set_lock", { passkey: true, timeout: 5 });
    view = await alice.browser.open_tab();
    await alice.do("lock_now");
    await until(all_locked);
    await view.commands.erase_browser();
    await until(() => alice.browser.tabs.every((tab) => !tab.locked()));
    assert.equal(view.profile(), null);
    assert.equal((await alice.ask("lock")).kind, "none");
    await alice.do("sign_up", { username: "someone.new" });
    assert.equal(alice.name, "someone.new");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
