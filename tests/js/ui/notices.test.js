// @ts-check
// What is told of new messages, and what is not.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { find_news, notices_of } from "../../../static/js/ui/notices/find_news.js";
import { open_noticed } from "../../../static/js/ui/notices/open_noticed.js";
import { take_push } from "../../../static/js/ui/notices/take_push.js";
import { NOTICES } from "../../../static/vendor/languages/notices.js";

/** @import { Conversation } from "../../../static/js/ui/session_types.js" */

const NOW = 1_000_000;

/** @param {Partial<Conversation>} [changed] @returns {Conversation} */
function conversation(changed = {}) {
  const peer = { account: "acc_ana", username: "ana", verified: true, identity_changed: false };
  const last = { text: "see you at nine", own: false, time: NOW, status: /** @type {const} */ ("stored") };
  return { id: "acc_ana", kind: "direct", state: "active", peer, last, unread: 0, ...changed };
}

/** A service worker's world. @param {any[]} [pages] */
function fake_worker(pages = []) {
  const shown = /** @type {any[]} */ ([]);
  const opened = /** @type {string[]} */ ([]);
  return {
    shown,
    opened,
    navigator: {},
    clients: { matchAll: async () => pages, openWindow: async (/** @type {string} */ url) => void opened.push(url) },
    registration: { showNotification: async (/** @type {string} */ title, /** @type {any} */ { body, data }) => void shown.push([title, body, data.conversation]) },
  };
}

describe("news", () => {
  it("are where more is unread than before", () => {
    const before = [conversation({ unread: 1 })];
    assert.deepEqual(find_news(before, [conversation({ unread: 1 })], NOW), []);
    assert.equal(find_news(before, [conversation({ unread: 2 })], NOW).length, 1);
    assert.equal(find_news([], [conversation({ unread: 1 })], NOW).length, 1);
  });

  it("are not of who has only asked, is muted, blocked, or shut out", () => {
    for (const changed of [
      { state: /** @type {const} */ ("request") },
      { state: /** @type {const} */ ("declined") },
      { state: /** @type {const} */ ("stopped") },
      { muted: NOW + 1 },
      { blocked: true },
      { kind: /** @type {const} */ ("group"), last: { text: "", own: false, time: NOW, status: /** @type {const} */ ("stored"), blocked: /** @type {const} */ (true) } },
    ]) {
      assert.deepEqual(find_news([], [conversation({ unread: 1, ...changed })], NOW), [], JSON.stringify(changed));
    }
    assert.equal(find_news([], [conversation({ unread: 1, muted: NOW })], NOW).length, 1, "muted until now");
  });

  it("name who has written; what was written only where that is wanted; with a lock nobody", () => {
    const one = [conversation({ unread: 1 })];
    const several = [conversation({ unread: 3 })];
    const words = (/** @type {Conversation[]} */ news, /** @type {any} */ how) => notices_of(news, how).map(({ title, body }) => [title, body]);
    assert.deepEqual(words(one, { locks: false, texts: false }), [["ana", "1 new message"]]);
    assert.deepEqual(words(one, { locks: false, texts: true }), [["ana", "see you at nine"]]);
    assert.deepEqual(words(several, { locks: false, texts: true }), [["ana", "3 new messages"]]);
    assert.deepEqual(words(several, { locks: true, texts: true }), [["talk2me", "New messages"]]);
    assert.deepEqual(words([], { locks: true, texts: true }), []);
  });

  it("of many conversations are one notice", () => {
    const many = Array.from({ length: 6 }, (_, at) => conversation({ id: `acc_${at}`, unread: 1 }));
    assert.deepEqual(notices_of(many, { locks: false, texts: false }).length, 1);
    assert.deepEqual(notices_of(many.slice(1), { locks: false, texts: false }).length, 5);
  });
});

describe("a push", () => {
  const news = { before: [], after: [conversation({ unread: 2 })], locks: false, texts: false };

  it("shows who has written", async () => {
    const worker = fake_worker([{ visibilityState: "hidden" }]);
    await take_push(worker, async () => news);
    assert.deepEqual(worker.shown, [["ana", "2 new messages", "acc_ana"]]);
  });

  it("shows nothing, and reads nothing, while a page is seen", async () => {
    const worker = fake_worker([{ visibilityState: "hidden" }, { visibilityState: "visible" }]);
    await take_push(worker, async () => assert.fail("not asked"));
    assert.deepEqual(worker.shown, []);
  });

  it("says that there may be something where it can't be looked at, and nothing where nobody wants to be told", async () => {
    for (const [found, shown] of /** @type {const} */ ([
      ["unknown", 1],
      ["none", 0],
    ])) {
      const worker = fake_worker();
      await take_push(worker, async () => found);
      assert.equal(worker.shown.length, shown);
    }
    const worker = fake_worker();
    await take_push(worker, () => Promise.reject(new Error("no storage")));
    assert.deepEqual(worker.shown, [["talk2me", "New messages", ""]]);
  });

  it("says it in the language that a page has left word of, else in the browser's", async () => {
    const unread = [conversation({ unread: 2 })];
    const seen = async (/** @type {object} */ given) => {
      const worker = Object.assign(fake_worker(), given);
      await take_push(worker, async () => ({ before: [conversation()], after: unread, locks: false, texts: false }));
      return worker.shown[0][1];
    };
    const before = NOTICES.de;
    NOTICES.de = { news_messages: { one: "{count} neue Nachricht", other: "{count} neue Nachrichten" } };
    const caches = { match: async () => new Response("de") };
    assert.equal(await seen({ caches }), "2 neue Nachrichten");
    assert.equal(await seen({ navigator: { languages: ["de-AT"] } }), "2 neue Nachrichten");
    assert.equal(await seen({ navigator: { languages: ["tlh"] } }), "2 new messages");
    NOTICES.de = before;
  });
});

describe("a click on a notice", () => {
  const notification = (/** @type {string} */ id) => ({ close: () => undefined, data: { conversation: id } });

  it("leads to the conversation in a page that is there", async () => {
    const said = /** @type {any[]} */ ([]);
    const page = { visibilityState: "hidden", focus: async () => void said.push("focus"), postMessage: (/** @type {any} */ message) => said.push(message) };
    const worker = fake_worker([page]);
    await open_noticed(worker, notification("acc_ana"));
    assert.deepEqual([said, worker.opened], [["focus", { open: "acc_ana" }], []]);
  });

  it("opens a page where there is none", async () => {
    const worker = fake_worker();
    await open_noticed(worker, notification("acc_ana"));
    await open_noticed(worker, notification(""));
    assert.deepEqual(worker.opened, ["/#/c/acc_ana", "/"]);
  });
});
