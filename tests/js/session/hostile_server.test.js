// @ts-check
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { equal } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { describe as describe_group } from "../../../static/js/protocol/mls.js";
import { NOTED } from "../../../static/js/session/archive/note_archive.js";
import { refresh_contact } from "../../../static/js/session/refresh_contact.js";
import { until } from "../support/browser.js";
import { forged_chain, vouched } from "../support/forged.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */
/** @import { Tamper } from "../support/tampering_socket.js" */

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let tamper = honest;

/** @param {(envelope: any) => any} change gives null to drop it @returns {Tamper} */
const on_envelopes = (change) => (frame) =>
  frame.envelopes ? { ...frame, envelopes: frame.envelopes.map(change).filter(Boolean) } : frame;

/** Everything stored about a person but what a refused envelope may change. @param {Person} person */
async function stored(person) {
  const stores = ["meta", "key_packages", "groups", "contacts", "outbox"];
  const rows = await Promise.all(stores.map((store) => person.device.store.list(store, { prefix: "" })));
  // The vault and the archive are written in the background, whatever comes in.
  return rows.flat().filter(({ id }) => !["vault", "archive"].includes(id) && !id.startsWith(NOTED));
}

/** @param {Person} person @param {Person} other @param {string} text */
async function still_talk(person, other, text) {
  await other.say(person, `${text}, says the other`);
  await person.hears(other, `${text}, says the other`);
  await person.say(other, `${text}, says the one`);
  await other.hears(person, `${text}, says the one`);
}

describe("a server that lies, and members that misbehave", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => tamper);
    [alice, bob] = await two_people(server.origin, [{ make_socket }, {}]);
  });
  afterEach(() => {
    tamper = honest;
    alice.browser.alerts.length = 0;
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  /** @param {Record<string, unknown>} fields */
  async function send_raw(fields) {
    const { mailbox, cursor } = await bob.place(alice);
    return bob.device.request({
      mailbox: from_base64url(mailbox),
      id: random_bytes(16),
      slot: cursor.slot,
      body: random_bytes(400),
      ...fields,
    });
  }

  /** @param {string} code */
  async function alice_is_told(code) {
    await until(async () => (await alice.notices(bob)).includes(code), `a notice ${code}`);
  }

  it("is told of a message that nobody can open, and goes on", async () => {
    const before_it = await stored(alice);
    await send_raw({ type: "envelope.send", kind: "application", commitment: random_bytes(32), expires_in: null });
    await alice_is_told("undecryptable");
    assert.deepEqual(await stored(alice), before_it);
    await still_talk(alice, bob, "after garbage");
  });

  it("keeps its epoch over a commit that is garbage, and both go on", async () => {
    const { mailbox } = await alice.place(bob);
    const { epoch } = describe_group(await alice.device.groups.get(mailbox));
    const members = [alice, bob].map(({ account }) => from_base64url(account));
    const subscribers = [alice, bob].map(({ device }) => from_base64url(device.own.device));
    const before_it = await stored(alice);
    await send_raw({ type: "commit.send", members, subscribers, welcomes: [], group_info: random_bytes(10) });
    await alice_is_told("commit_refused");
    assert.deepEqual(await stored(alice), before_it);
    assert.equal(describe_group(await alice.device.groups.get(mailbox)).epoch, epoch);
    await still_talk(alice, bob, "after a garbage commit");
    assert.deepEqual(alice.browser.alerts, []);
  });

  it("restores the subscribers when a garbage commit has put the other out", async () => {
    const members = [alice, bob].map(({ account }) => from_base64url(account));
    const subscribers = [from_base64url(bob.device.own.device)];
    await send_raw({ type: "commit.send", members, subscribers, welcomes: [], group_info: random_bytes(10) });
    await until(() => alice.alert_codes.includes("subscribers_differ"));
    await still_talk(alice, bob, "subscribed again");
    const { cursor } = await alice.place(bob);
    assert.equal(cursor.repair, false);
  });

  it("encrypts again what named too old a slot, and the other gets it once", async () => {
    const { mailbox, cursor } = await alice.place(bob);
    assert.ok(cursor.slot > 3);
    await alice.device.store.transaction((changes) => changes.put("cursors", mailbox, { ...cursor, slot: cursor.slot - 3 }));
    await alice.say(bob, "late");
    await alice.sees_status(bob, "late", "delivered");
    assert.equal((await bob.texts(alice)).filter((text) => text === "late").length, 1);
  });

  it("shows a message once that is delivered twice", async () => {
    tamper = (frame) =>
      frame.type === "envelope.new" ? { ...frame, envelopes: frame.envelopes.flatMap((/** @type {any} */ one) => [one, one]) } : frame;
    await bob.say(alice, "once");
    await alice.hears(bob, "once");
    assert.equal((await alice.texts(bob)).filter((text) => text === "once").length, 1);
  });

  it("shows that a message was held back, by the next one that gets through", async () => {
    let dropped = false;
    tamper = on_envelopes((envelope) => {
      const drop = !dropped && envelope.kind === "application";
      dropped ||= drop;
      // Still there in number, so that the gap does not show by itself: another body.
      return drop ? { ...envelope, body: random_bytes(envelope.body.length) } : envelope;
    });
    await bob.say(alice, "the one held back");
    await until(() => dropped);
    await bob.say(alice, "the next one");
    await alice.hears(bob, "the next one");
    await alice_is_told("history_differs");
    assert.ok(alice.alert_codes.includes("history_differs"));
    assert.ok(!(await alice.texts(bob)).includes("the one held back"));
  });

  it("shows that a number is missing", async () => {
    let dropped = 0;
    tamper = on_envelopes((envelope) => {
      if (dropped === 0 && envelope.kind === "application") dropped = envelope.sequence;
      return envelope.sequence === dropped ? null : envelope;
    });
    const told = (await alice.notices(bob)).filter((code) => code === "history_differs").length;
    await bob.say(alice, "never comes");
    await until(() => dropped > 0);
    await bob.say(alice, "comes");
    await alice.hears(bob, "comes");
    const now = (await alice.notices(bob)).filter((code) => code === "history_differs").length;
    assert.ok(now > told);
  });

  it("comes back by itself when it alone could not read a commit", async () => {
    const { mailbox } = await alice.place(bob);
    tamper = on_envelopes((envelope) =>
      envelope.kind === "commit" ? { ...envelope, body: random_bytes(50) } : envelope,
    );
    await bob.device.store.transaction(async (changes) => {
      const cursor = await changes.get("cursors", mailbox);
      changes.put("cursors", mailbox, { ...cursor, fresh: false });
    });
    await bob.say(alice, "in an epoch that alice has not");
    await alice_is_told("commit_refused");
    tamper = honest;
    await until(async () => {
      const { cursor } = await alice.place(bob);
      return !cursor.behind && cursor.refused === "no";
    }, "rejoined");
    await still_talk(alice, bob, "together again");
  });

  it("answered with noise, it neither throws nor stops", async () => {
    tamper = (frame) => (frame.type === "envelope.new" ? { ...frame, envelopes: [{ sequence: "x" }, null, 7] } : frame);
    await bob.say(alice, "through noise");
    await alice.hears(bob, "through noise");
    tamper = (frame) => (frame.type === "envelope.new" ? { type: "envelope.new", mailbox: "?", head: -1 } : frame);
    await bob.say(alice, "lost in noise");
    tamper = honest;
    await bob.say(alice, "clear again");
    await alice.hears(bob, "lost in noise");
    await alice.hears(bob, "clear again");
  });

  it("stops at another identity key until the person takes it", async () => {
    await alice.do("verify_contact", { account: bob.account, method: "digits" });
    assert.equal((await alice.ask("conversation", { id: bob.account })).peer.verified, true);
    const whose = { origin: server.origin, account: bob.account, username: bob.name };
    const { signed, identity_key } = await forged_chain(whose);
    await refresh_contact(alice.device, bob.account, await vouched(whose, signed));
    const stopped = await alice.ask("conversation", { id: bob.account });
    assert.equal(stopped.state, "stopped");
    assert.equal(stopped.stopped, "identity_changed");
    assert.deepEqual([stopped.peer.identity_changed, stopped.peer.verified], [true, false]);
    assert.ok(alice.alert_codes.includes("identity_changed"));
    await alice_is_told("identity_changed");
    const refused = alice.say(bob, "nothing leaves");
    await assert.rejects(refused, (error) => is_talk2me_error(error, "conversation_stopped"));
    assert.equal((await alice.do("safety_number", { account: bob.account })).changed, true);
    await alice.do("accept_identity", { account: bob.account });
    const accepted = await alice.ask("conversation", { id: bob.account });
    assert.deepEqual([accepted.state, accepted.peer.verified, accepted.peer.identity_changed], ["active", false, false]);
    const { chain: pinned } = await alice.device.store.get("contacts", bob.account);
    assert.ok(equal(pinned.identity_key, identity_key));
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
