// @ts-check
// Who is told what has come, what was read, and who is writing: each by choice, and nobody new.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { seal_typing } from "../../../../static/js/protocol/typing.js";
import { add_device } from "../../support/archives.js";
import { until } from "../../support/browser.js";
import { Person, two_people } from "../../support/people.js";
import { said } from "../../support/said.js";
import { start_server } from "../../support/server.js";
import { tampering_sockets } from "../../support/tampering_socket.js";

describe("what others are told", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let tablet;
  /** @type {Person} */
  let stranger;
  let ahead = 0;
  const now = () => Date.now() + ahead;
  /** @type {any[]} signals as alice's browser gets them */
  const signals = [];
  /** @type {any[]} */
  const told = [];

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => (frame) => {
      if (frame.type === "signal") signals.push(frame);
      return frame;
    });
    [alice, bob] = await two_people(server.origin, [{ now, make_socket }, { now }]);
    stranger = await Person.sign_up(server.origin, "stranger", { now });
    alice.session.on("typing", (detail) => told.push(detail));
  });
  after(async () => {
    for (const one of [alice, bob, tablet, stranger]) one?.close();
    await server?.stop();
  });

  /** @param {Person} person @param {Person} other */
  async function reads_all(person, other) {
    const messages = await person.messages(other);
    await person.do("mark_read", { conversation: other.account, order: messages[messages.length - 1].order });
  }
  /** What was sent to one before this has come. @param {Person} from @param {Person} to */
  async function all_come(from, to) {
    const text = `mark ${told.length} ${now()}`;
    await from.say(to, text);
    await to.hears(from, text);
  }
  /** @param {string} id */
  const receipt_of = async (id) => (await alice.ask("message_details", { conversation: bob.account, id })).receipts[0];

  it("nothing of reading, as long as nobody has asked for it", async () => {
    assert.deepEqual(await bob.ask("settings"), { ...(await bob.ask("settings")), receipts: true, read_receipts: false, typing: false });
    await alice.say(bob, "read in silence");
    await alice.sees_status(bob, "read in silence", "delivered");
    await reads_all(bob, alice);
    await all_come(bob, alice);
    const { id, status } = await said(alice, bob, "read in silence");
    const { username, delivered, read } = await receipt_of(id);
    assert.deepEqual([status, username, read], ["delivered", bob.name, undefined]);
    assert.ok(delivered <= now());
  });

  it("that it was read, once the reader wants that, and when", async () => {
    await bob.do("set_setting", { name: "read_receipts", value: true });
    await alice.say(bob, "read aloud");
    await bob.hears(alice, "read aloud");
    await reads_all(bob, alice);
    await alice.sees_status(bob, "read aloud", "read");
    const { id, time } = await said(alice, bob, "read aloud");
    const { read } = await receipt_of(id);
    assert.ok(read >= time - 60_000 && read <= now());
    assert.equal((await said(alice, bob, "read in silence")).status, "delivered");
    assert.equal((await bob.device.store.get("conversations", alice.account)).reads_due, undefined);
  });

  it("on every device of whoever has asked", async () => {
    tablet = await add_device(bob, server.origin, await bob.do("pending_recovery_key"), { now });
    await until(async () => (await tablet.ask("settings")).read_receipts && (await tablet.has_joined(alice)));
    await alice.say(bob, "to the tablet");
    await tablet.hears(alice, "to the tablet");
    await reads_all(tablet, alice);
    await alice.sees_status(bob, "to the tablet", "read");
    await bob.hears(alice, "to the tablet");
  });

  it("that it was read, even where nobody is told that it has come", async () => {
    await bob.do("set_setting", { name: "receipts", value: false });
    await alice.say(bob, "only read");
    await bob.hears(alice, "only read");
    await reads_all(bob, alice);
    await alice.sees_status(bob, "only read", "read");
    await bob.do("set_setting", { name: "receipts", value: true });
  });

  it("who is writing, once the writer wants that", async () => {
    await bob.do("typing", { conversation: alice.account });
    await all_come(bob, alice);
    assert.deepEqual([signals.length, told], [0, []]);
    await bob.do("set_setting", { name: "typing", value: true });
    for (let times = 0; times < 3; times += 1) await bob.do("typing", { conversation: alice.account });
    await until(() => told.length === 1);
    const [{ conversation, account, until: end }] = told;
    assert.deepEqual([conversation, account], [bob.account, bob.account]);
    assert.ok(end > now() && end <= now() + 8_000);
    await all_come(bob, alice);
    assert.deepEqual(told.splice(0).map((one) => one.until > 0), [true, false]);
    ahead += 4_000;
    await bob.do("typing", { conversation: alice.account });
    await until(() => told.length === 1);
    assert.equal(signals.length, 2);
  });

  it("nothing that is played back, comes late, is of another group, or was made up", async () => {
    await all_come(bob, alice);
    told.splice(0);
    const [{ mailbox, body }] = signals;
    const group = await bob.device.groups.get((await bob.place(alice)).mailbox);
    const device = from_base64url(bob.device.own.device);
    const made = async (/** @type {any} */ typing) => seal_typing(group, { device, time: now(), ...typing }, random_bytes);
    const bodies = [body, random_bytes(60), new Uint8Array(0), await made({ time: now() - 700_000 }), await made({ time: now() + 700_000 })];
    bodies.push(await made({ device: random_bytes(16) }), await made({ device: from_base64url(alice.device.own.device) }));
    for (const one of bodies) await bob.device.request({ type: "signal.send", mailbox, body: one });
    await until(() => signals.length === 2 + bodies.length);
    await all_come(bob, alice);
    assert.deepEqual(told, []);
    assert.deepEqual(alice.browser.faults, []);
  });

  it("somebody new nothing at all, before they are accepted", async () => {
    for (const name of ["read_receipts", "typing"]) await alice.do("set_setting", { name, value: true });
    await stranger.do("start_conversation", { account: alice.account });
    await stranger.say(alice, "who are you?");
    await alice.hears(stranger, "who are you?");
    assert.equal((await alice.ask("conversation", { id: stranger.account })).state, "request");
    await stranger.do("set_setting", { name: "typing", value: true });
    await stranger.do("typing", { conversation: alice.account });
    await reads_all(alice, stranger);
    await alice.do("typing", { conversation: stranger.account });
    await stranger.say(alice, "hello?");
    await alice.hears(stranger, "hello?");
    assert.deepEqual(told, []);
    assert.equal((await said(stranger, alice, "who are you?")).status, "stored");
    const { receipts_due, reads_due } = await alice.device.store.get("conversations", stranger.account);
    assert.deepEqual([receipts_due.length, reads_due], [2, undefined]);
    await alice.do("accept_request", { conversation: stranger.account });
    await stranger.sees_status(alice, "who are you?", "delivered");
    assert.equal((await said(stranger, alice, "who are you?")).status, "delivered");
  });

  it("nothing that somebody who is blocked types", async () => {
    await alice.do("block", { account: bob.account });
    const before_it = signals.length;
    ahead += 4_000;
    await bob.do("typing", { conversation: alice.account });
    await until(() => signals.length > before_it);
    await alice.do("unblock", { account: bob.account });
    await all_come(bob, alice);
    assert.deepEqual(told, []);
  });

  it("and no fault of our own", () => {
    assert.deepEqual([alice, bob, tablet, stranger].flatMap(({ browser }) => browser.faults), []);
  });
});
