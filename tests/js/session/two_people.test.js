// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser, until } from "../support/browser.js";
import { start_server } from "../support/server.js";

/** @import { Server } from "../support/server.js" */
/** @import { Session } from "../../../static/js/session/open_session.js" */

/** @param {Session} session @param {string} conversation */
async function texts(session, conversation) {
  const messages = await session.queries.messages({ conversation, limit: 100 });
  return messages.filter((/** @type {any} */ { type }) => type === "text").map((/** @type {any} */ { text }) => text);
}

/** @param {Session} session @param {string} conversation @param {string} text */
async function status_of(session, conversation, text) {
  const messages = await session.queries.messages({ conversation, limit: 100 });
  return messages.find((/** @type {any} */ message) => message.text === text)?.status;
}

describe("two people on one server", { timeout: 120_000 }, () => {
  /** @type {Server} */
  let server;
  /** @type {Browser} */
  let alices;
  /** @type {Browser} */
  let bobs;
  /** @type {Session} */
  let alice;
  /** @type {Session} */
  let bob;
  let alice_id = "";
  let bob_id = "";

  before(async () => {
    server = await start_server();
    alices = new Browser(server.origin);
    bobs = new Browser(server.origin);
    alice = await alices.open_tab();
    bob = await bobs.open_tab();
  });
  after(async () => {
    alices?.close();
    bobs?.close();
    await server?.stop();
  });

  it("sign up, each with a recovery key that is forgotten once confirmed", async () => {
    alice_id = (await alice.commands.sign_up({ username: "Alice" })).account;
    bob_id = (await bob.commands.sign_up({ username: "bob" })).account;
    assert.equal(alice.profile()?.username, "alice");
    const groups = (await alice.commands.pending_recovery_key()).split("-");
    assert.equal(groups.length, 7);
    const wrong = await alice.commands.confirm_recovery_key({ groups: { 0: groups[0], 3: "ZZZZ" } });
    assert.deepEqual(wrong, { confirmed: false });
    const right = await alice.commands.confirm_recovery_key({ groups: { 0: groups[0], 3: groups[3].toLowerCase() } });
    assert.deepEqual(right, { confirmed: true });
    assert.equal(await alice.commands.pending_recovery_key(), null);
    assert.equal(alice.profile()?.recovery_confirmed, true);
  });

  it("meet by an invitation link, without a request", async () => {
    const { link } = await alice.commands.make_invitation();
    const fragment = new URL(link).hash;
    const invitation = await bob.commands.read_invitation({ fragment });
    assert.deepEqual(invitation, { account: alice_id, username: "alice", own: false, known: false });
    const { conversation } = await bob.commands.start_conversation({ account: alice_id, invitation_fragment: fragment });
    await bob.commands.send_text({ conversation, text: "hello alice" });
    const [seen] = await until(async () => {
      const list = await alice.queries.conversations();
      return list[0]?.last ? list : null;
    });
    assert.equal(seen.state, "active");
    assert.equal(seen.peer.username, "bob");
    assert.equal(seen.last.text, "hello alice");
    assert.equal(seen.unread, 1);
    assert.equal(seen.suite, 83);
    const [theirs] = await bob.queries.conversations();
    assert.equal(theirs.peer.verified, true);
    assert.equal(seen.peer.verified, false);
  });

  it("talk both ways and see what was delivered", async () => {
    await alice.commands.send_text({ conversation: bob_id, text: "hello bob" });
    await until(async () => (await texts(bob, alice_id)).includes("hello bob"));
    await until(async () => (await status_of(alice, bob_id, "hello bob")) === "delivered");
    await until(async () => (await status_of(bob, alice_id, "hello alice")) === "delivered");
    const before_reading = await alice.queries.messages({ conversation: bob_id, limit: 10 });
    await alice.commands.mark_read({ conversation: bob_id, order: before_reading.at(-1).order });
    assert.equal((await alice.queries.conversation({ id: bob_id })).unread, 0);
  });

  it("get everything in order after having been away", async () => {
    bob.close();
    const wanted = Array.from({ length: 40 }, (_, number) => `number ${number}`);
    for (const text of wanted) await alice.commands.send_text({ conversation: bob_id, text });
    await until(async () => (await status_of(alice, bob_id, "number 39")) === "stored");
    bob = await bobs.open_tab();
    assert.equal(bob.profile()?.username, "bob");
    await until(async () => (await texts(bob, alice_id)).includes("number 39"));
    const got = await texts(bob, alice_id);
    assert.deepEqual(got.slice(-40), wanted);
    await until(async () => (await status_of(alice, bob_id, "number 39")) === "delivered");
  });

  it("go on after a reload of both", async () => {
    alice.close();
    bob.close();
    alice = await alices.open_tab();
    bob = await bobs.open_tab();
    await bob.commands.send_text({ conversation: alice_id, text: "still here" });
    await until(async () => (await texts(alice, bob_id)).includes("still here"));
    await alice.commands.send_text({ conversation: bob_id, text: "so am I" });
    await until(async () => (await texts(bob, alice_id)).includes("so am I"));
  });

  it("without a fault of our own or an alarm", () => {
    assert.deepEqual([...alices.faults, ...bobs.faults], []);
    assert.deepEqual([...alices.alerts, ...bobs.alerts], []);
  });
});
