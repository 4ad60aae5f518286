// @ts-check
// Messages that disappear.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { EXPIRIES } from "../../../../static/js/session/messages/expiry.js";
import { expire_messages } from "../../../../static/js/session/messages/expire_messages.js";
import { add_device, archived, is_restored } from "../../support/archives.js";
import { until } from "../../support/browser.js";
import { two_people } from "../../support/people.js";
import { said, send_content } from "../../support/said.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

const MINUTE = 60_000;
const WEEK = 7 * 86_400_000;

describe("messages that disappear", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let second;
  let recovery_key = "";
  // Nobody has to wait for what happens after minutes.
  let ahead = 0;
  const now = () => Date.now() + ahead;
  /** @type {any[]} */
  const sent = [];

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin, [{ now }, { now }]);
    recovery_key = await alice.do("pending_recovery_key");
    const { device } = alice;
    const request = device.request.bind(device);
    device.request = (frame) => {
      sent.push(frame);
      return request(frame);
    };
  });
  beforeEach(() => sent.splice(0));
  after(async () => {
    for (const one of [alice, bob, second]) one?.close();
    await server?.stop();
  });

  /** @param {Person} person @param {Person} other */
  async function reads_all(person, other) {
    const messages = await person.messages(other);
    await person.do("mark_read", { conversation: other.account, order: messages[messages.length - 1].order });
  }
  const pass = async (/** @type {number} */ time) => {
    ahead += time;
    for (const one of [alice, bob]) await expire_messages(one.device);
  };
  /** Everything of it. @param {Person} person @param {string} id */
  const traces = async ({ device }, id) => (await device.store.list("messages", { prefix: "" })).filter((row) => row.id.includes(id) || row.value.id === id);

  it("begin when one of the two says so, and both are told", async () => {
    await alice.do("set_timer", { conversation: bob.account, seconds: 60 });
    await until(async () => (await bob.ask("conversation", { id: alice.account })).timer === 60);
    for (const [person, other] of [[alice, bob], [bob, alice]]) {
      const notice = (await person.messages(other)).find(({ code }) => code === "timer_changed");
      assert.deepEqual([notice.seconds, notice.author.username], [60, alice.name]);
    }
    await assert.rejects(alice.do("set_timer", { conversation: bob.account, seconds: -1 }), { code: "bad_request" });
    await assert.rejects(alice.do("set_timer", { conversation: bob.account, seconds: 31_449_601 }), { code: "bad_request" });
  });

  it("go a minute after they were sent on the one side, and a minute after they were read on the other", async () => {
    await alice.say(bob, "gone in a minute");
    await bob.hears(alice, "gone in a minute");
    await alice.sees_status(bob, "gone in a minute", "delivered");
    const { id, timer, expires } = await said(bob, alice, "gone in a minute");
    assert.deepEqual([timer, expires], [60, undefined]);
    assert.ok((await said(alice, bob, "gone in a minute")).expires <= now() + MINUTE);
    await bob.do("react", { conversation: alice.account, id, emoji: "👍" });
    await bob.do("pin_message", { conversation: alice.account, id, pinned: true });
    await until(async () => (await said(alice, bob, "gone in a minute")).pinned);
    await pass(MINUTE);
    assert.equal(await said(alice, bob, "gone in a minute"), undefined);
    assert.deepEqual(await traces(alice, id), []);
    assert.equal((await said(bob, alice, "gone in a minute")).timer, 60);
    await reads_all(bob, alice);
    assert.ok((await said(bob, alice, "gone in a minute")).expires <= now() + MINUTE);
    await pass(MINUTE - 2_000);
    assert.ok(await said(bob, alice, "gone in a minute"));
    await pass(2_000);
    assert.deepEqual(await traces(bob, id), []);
    assert.deepEqual(await bob.ask("pinned", { conversation: alice.account }), []);
    assert.notEqual((await bob.ask("conversation", { id: alice.account })).last?.text, "gone in a minute");
  });

  it("are kept by the server no longer than a week more, as is what is done to them", async () => {
    await alice.say(bob, "on the server");
    await alice.sees_status(bob, "on the server", "delivered");
    const { id } = await said(alice, bob, "on the server");
    await alice.do("edit_message", { conversation: bob.account, id, text: "on the server!" });
    await bob.hears(alice, "on the server!");
    const kept = sent.filter(({ kind }) => kind === "application").map(({ expires_in }) => expires_in);
    assert.deepEqual(kept.filter((seconds) => seconds !== null), [60 + WEEK / 1000, 60 + WEEK / 1000]);
  });

  it("are in no archive, nor is what is done to them, and leave nothing in a quote", async () => {
    const { id } = await said(bob, alice, "on the server!");
    await until(async () => (await alice.ask("archive")).waiting === 0, "written");
    const before_it = await archived(alice);
    await bob.do("react", { conversation: alice.account, id, emoji: "👍" });
    await until(async () => (await said(alice, bob, "on the server!")).reactions);
    await alice.do("set_timer", { conversation: bob.account, seconds: 0 });
    await until(async () => (await bob.ask("conversation", { id: alice.account })).timer === 0);
    await bob.do("send_text", { conversation: alice.account, text: "to stay", reply: id });
    await alice.hears(bob, "to stay");
    assert.equal((await said(alice, bob, "to stay")).reply.text, "on the server!");
    await reads_all(bob, alice);
    await pass(MINUTE);
    for (const [person, other] of [[alice, bob], [bob, alice]]) {
      const { reply } = await said(person, other, "to stay");
      assert.deepEqual([reply.text, reply.here], ["", false]);
    }
    ahead += 10_000;
    alice.device.tasks.archive(0);
    await until(async () => (await alice.ask("archive")).waiting === 0, "written");
    second = await add_device(alice, server.origin, recovery_key, { now });
    await until(() => is_restored(second), "restored");
    assert.deepEqual(await second.texts(bob), await alice.texts(bob));
    assert.ok((await archived(alice)) > before_it);
    assert.deepEqual(await second.device.store.list("messages", { prefix: "w/" }), []);
  });

  it("go when the browser is opened again, where they were due meanwhile", async () => {
    await bob.do("set_timer", { conversation: alice.account, seconds: 60 });
    await bob.say(alice, "due while away");
    await alice.hears(bob, "due while away");
    await reads_all(alice, bob);
    alice.close();
    ahead += MINUTE;
    await alice.reload();
    await until(async () => !(await said(alice, bob, "due while away")), "gone at the start");
  });

  it("can be left out by the sender's client, and a device that has not heard of the timer learns it from what is said", async () => {
    await send_content(bob, alice, { type: "text", body: { text: "without a timer" }, time: now() });
    await alice.hears(bob, "without a timer");
    assert.equal((await said(alice, bob, "without a timer")).timer, undefined);
    assert.equal((await alice.ask("conversation", { id: bob.account })).timer, 60);
    await until(() => second.has_joined(bob));
    await bob.say(alice, "with a timer");
    await second.hears(bob, "with a timer");
    assert.equal((await second.ask("conversation", { id: bob.account })).timer, 60);
    assert.deepEqual((await second.notices(bob)).filter((code) => code === "timer_changed"), ["timer_changed"]);
  });

  // The last: a week later the key log is too old to send by.
  it("go even if nobody reads them, a week later, and are unread no more then", async () => {
    await alice.say(bob, "never read");
    await bob.hears(alice, "never read");
    assert.equal((await bob.ask("conversation", { id: alice.account })).unread, 1);
    await pass(WEEK);
    assert.ok(await said(bob, alice, "never read"));
    await pass(MINUTE);
    assert.equal(await said(bob, alice, "never read"), undefined);
    assert.equal((await bob.ask("conversation", { id: alice.account })).unread, 0);
  });

  it("leave no note of when they would have gone", async () => {
    await reads_all(alice, bob);
    await reads_all(second, bob);
    await pass(WEEK + MINUTE);
    assert.deepEqual(await alice.device.store.list("messages", { prefix: EXPIRIES }), []);
  });

  it("make no fault of our own", () => {
    assert.deepEqual([alice, bob, second].flatMap(({ browser }) => browser.faults), []);
  });
});
