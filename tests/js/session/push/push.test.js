// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../../static/js/errors.js";
import { read_news } from "../../../../static/js/session/push/read_news.js";
import { keep_vault } from "../../../../static/js/session/vault/keep_vault.js";
import { two_people } from "../../support/people.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

const PASSPHRASE = "four words are better";

/** What a browser has for push. @param {string | null} endpoint null: there is no push service */
function push_platform(endpoint) {
  const state = { registered: /** @type {any[]} */ ([]), key: /** @type {Uint8Array | null} */ (null), unregistered: 0 };
  const registration = {
    pushManager: {
      getSubscription: async () => state.key && { options: { applicationServerKey: state.key.slice().buffer }, unsubscribe: async () => (state.key = null) },
      subscribe: async (/** @type {any} */ { applicationServerKey }) => {
        if (endpoint === null) throw new Error("no push service");
        state.key = applicationServerKey;
        return { endpoint };
      },
    },
    unregister: async () => (state.unregistered += 1),
  };
  const serviceWorker = {
    register: async (/** @type {any} */ ...given) => void state.registered.push(given),
    ready: Promise.resolve(registration),
    getRegistration: async () => registration,
  };
  return { state, parts: { PushManager: class {}, Notification: { permission: "granted" }, serviceWorker } };
}

describe("being told by push", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;

  before(async () => {
    server = await start_server({ PUSH_KEY: "only for tests, and who has it can do nothing" });
    [alice, bob] = await two_people(server.origin);
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  /** What Bob's service worker is given. @returns {any} */
  const worker_options = () => ({
    origin: server.origin,
    database_name: bob.browser.database_name,
    factory: bob.browser.factory,
    locks: bob.browser.locks,
    channel: bob.browser.channels.open(),
    platform: { navigator: {} },
    make_socket: (/** @type {string} */ url) => new WebSocket(url, /** @type {any} */ ({ headers: { origin: server.origin } })),
  });

  /** @param {ReturnType<typeof push_platform>} push */
  const reload_with = (push) => {
    const navigator = { locks: bob.browser.locks, serviceWorker: push.parts.serviceWorker };
    const platform = { crypto, WebSocket, BroadcastChannel, indexedDB: bob.browser.factory, ...push.parts, navigator };
    return bob.reload({ platform });
  };

  it("is off until somebody turns it on, and then the server knows where", async () => {
    assert.deepEqual(await bob.ask("notifications"), { on: false, texts: false, pushed: false });
    const push = push_platform("https://push.example.org/for-bob");
    await reload_with(push);
    await bob.do("enable_push");
    assert.deepEqual(push.state.registered, [["/service_worker.js", { type: "module", scope: "/" }]]);
    assert.equal(push.state.key?.length, 65);
    assert.deepEqual(await bob.ask("notifications"), { on: true, texts: false, pushed: true });
    await bob.do("set_notifications", { texts: true });
    assert.deepEqual(await bob.ask("notifications"), { on: true, texts: true, pushed: true });
  });

  it("goes on in the page alone where the browser has no push service, and an address inside is refused", async () => {
    await reload_with(push_platform(null));
    await bob.do("refresh_push");
    assert.deepEqual(await bob.ask("notifications"), { on: true, texts: true, pushed: false });
    await reload_with(push_platform("https://127.0.0.1:22/inside"));
    await assert.rejects(bob.do("enable_push"), (error) => is_talk2me_error(error, "bad_request"));
    assert.equal((await bob.ask("notifications")).pushed, false);
  });

  it("wakes a worker that fetches what waits, tells the sender, and leaves the browser to the next page", async () => {
    bob.session.close();
    await alice.say(bob, "while you were away");
    await alice.say(bob, "are you there?");
    const news = await read_news(worker_options());
    assert.ok(typeof news === "object");
    const unread = (/** @type {any[]} */ entries) => entries.find(({ peer }) => peer.username === alice.name).unread;
    assert.equal(unread(news.after) - unread(news.before), 2);
    assert.deepEqual([news.locks, news.texts], [false, true]);
    await alice.sees_status(bob, "are you there?", "delivered");
    await bob.reload();
    assert.equal(bob.session.profile()?.role, "owner");
    await bob.hears(alice, "while you were away");
    await bob.say(alice, "now I am");
    await alice.hears(bob, "now I am");
    assert.deepEqual(bob.browser.faults, []);
  });

  it("takes nothing from a page that has the account: there may be something, is all it knows", async () => {
    assert.equal(await read_news(worker_options()), "unknown");
    assert.equal(bob.session.profile()?.role, "owner");
    await alice.say(bob, "still here?");
    await bob.hears(alice, "still here?");
  });

  it("reads nothing in a locked browser", async () => {
    await bob.do("set_lock", { passphrase: PASSPHRASE, timeout: 0 });
    bob.session.close();
    assert.equal(await read_news(worker_options()), "unknown");
    await bob.reload();
    await bob.do("unlock", { passphrase: PASSPHRASE });
    await bob.do("remove_lock", { passphrase: PASSPHRASE });
  });

  it("ends when it is turned off: the worker stays for the page alone, and nothing is shown", async () => {
    const push = push_platform("https://push.example.org/for-bob");
    await reload_with(push);
    await bob.do("enable_push");
    await bob.do("disable_push");
    assert.equal(push.state.unregistered, 0);
    assert.equal(push.state.key, null);
    assert.equal((await bob.ask("notifications")).on, false);
    bob.session.close();
    assert.equal(await read_news(worker_options()), "none");
    await bob.reload();
  });

  it("of a muted conversation follows the account", async () => {
    const until = Date.now() + 3_600_000;
    await bob.do("mute", { conversation: alice.account, until });
    assert.equal((await bob.ask("conversation", { id: alice.account })).muted, until);
    await keep_vault(bob.device);
    assert.equal((await bob.device.store.get("meta", "settings"))[`muted/${alice.account}`], until);
    await bob.do("mute", { conversation: alice.account, until: 0 });
    assert.equal((await bob.ask("conversation", { id: alice.account })).muted, 0);
    await assert.rejects(bob.do("mute", { conversation: "nobody", until }), (error) => is_talk2me_error(error, "not_found"));
    await assert.rejects(bob.do("mute", { conversation: alice.account, until: -1 }), (error) => is_talk2me_error(error, "bad_request"));
  });
});
