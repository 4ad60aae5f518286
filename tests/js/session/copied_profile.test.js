// @ts-check
// What a browser keeps is put back to an older state, or copied (ATTACKS 18): no key is used twice, and the person is told.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { to_base64url } from "../../../static/js/codec/base64url.js";
import { equal, from_hex } from "../../../static/js/codec/bytes.js";
import { Talk2meError } from "../../../static/js/errors.js";
import { describe as describe_group } from "../../../static/js/protocol/mls.js";
import { is_behind } from "../../../static/js/session/find_rollback.js";
import { until } from "../support/browser.js";
import { copy_profile } from "../support/copy_profile.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Device } from "../../../static/js/session/device.js" */
/** @import { Changes } from "../../../static/js/store/changes.js" */
/** @import { Tamper } from "../support/tampering_socket.js" */

const A_WHILE = 1_500;
const pause = () => new Promise((resolve) => void setTimeout(resolve, A_WHILE));

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let tamper = honest;

/** Keeps what a device sends, from now on. @param {Device} device @returns {any[]} frames in their order */
function listen_to(device) {
  /** @type {any[]} */
  const frames = [];
  const request = device.request.bind(device);
  device.request = (frame) => {
    frames.push(frame);
    return request(frame);
  };
  return frames;
}

/** What is made with the keys of a group: the archive's are none. @param {any[]} frames */
const sent = (frames) =>
  frames
    .filter(({ type, kind }) => (type === "envelope.send" && kind !== "archive") || type === "commit.send")
    .map(({ type }) => type);

describe("a profile that was copied", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const everyone = [];

  before(async () => {
    server = await start_server();
  });
  afterEach(() => {
    tamper = honest;
    for (const person of everyone) person.close();
  });
  after(() => server?.stop());

  async function two() {
    const options = { make_socket: tampering_sockets(server.origin, () => tamper) };
    const made = await two_people(server.origin, [options, {}]);
    everyone.push(...made);
    return made;
  }

  /** @param {Person} person @returns {Promise<() => Promise<Person>>} opens the copy */
  async function copy_of(person) {
    const browser = await copy_profile(person.browser);
    return async () => {
      const copy = new Person(browser, await browser.open_tab());
      everyone.push(copy);
      return copy;
    };
  }

  it("and put back joins anew before it sends, and says so; what it had not sent yet arrives once", async () => {
    const [alice, bob] = await two();
    const { mailbox } = await alice.place(bob);
    const { request } = alice.device;
    alice.device.request = (frame) =>
      frame.type === "envelope.send" ? Promise.reject(new Talk2meError("offline")) : request.call(alice.device, frame);
    await alice.say(bob, "encrypted before the copy");
    await until(async () => (await alice.device.store.list("outbox", { prefix: "" })).some(({ value }) => value.envelope));
    const open_copy = await copy_of(alice);
    alice.device.request = request;
    await alice.reload();
    await bob.hears(alice, "encrypted before the copy");
    await alice.say(bob, "since the copy");
    await bob.hears(alice, "since the copy");
    await bob.say(alice, "read since the copy");
    await alice.hears(bob, "read since the copy");
    await pause();
    alice.close();

    const old = await open_copy();
    const frames = listen_to(old.device);
    await until(() => old.alert_codes.includes("state_rolled_back"), "told of it");
    await old.say(bob, "from the state of before");
    await bob.hears(old, "from the state of before");
    assert.equal(sent(frames)[0], "commit.send");
    assert.ok((await old.notices(bob)).includes("state_rolled_back"));
    assert.ok(!(await bob.notices(old)).includes("undecryptable"));
    assert.equal((await bob.texts(old)).filter((text) => text === "encrypted before the copy").length, 1);
    await until(async () => (await old.device.store.list("outbox", { prefix: "" })).length === 0, "nothing is left to send");
    await bob.say(old, "and back");
    await old.hears(bob, "and back");
    const { cursor } = await old.place(bob);
    assert.deepEqual([cursor.mailbox, cursor.behind, cursor.spent], [mailbox, false, 0]);
    // Told once: now it is what this device is.
    old.browser.alerts.length = 0;
    await old.reload();
    await bob.say(old, "after a reload");
    await old.hears(bob, "after a reload");
    assert.deepEqual(old.browser.alerts, []);
  });

  it("sends nothing while it can't ask how far it had got", async () => {
    const [alice, bob] = await two();
    const open_copy = await copy_of(alice);
    await alice.say(bob, "since the copy");
    await bob.hears(alice, "since the copy");
    await pause();
    alice.close();
    tamper = (frame) => (frame.type === "mailbox.page" ? null : frame);
    const old = await open_copy();
    const frames = listen_to(old.device);
    await until(() => old.device.online);
    await old.say(bob, "not before it is known");
    await pause();
    assert.deepEqual(sent(frames), []);
    tamper = honest;
    await old.reload();
    await bob.hears(old, "not before it is known");
    assert.ok(old.alert_codes.includes("state_rolled_back"));
  });

  it("sends nothing while it can't join anew either, whatever the server says of the group", async () => {
    const [alice, bob] = await two();
    tamper = (frame) => {
      if (frame.type === "group_info") return { ...frame, body: from_hex("00") };
      if (frame.type !== "mailbox.page") return frame;
      return { ...frame, mailboxes: frame.mailboxes.map((/** @type {any} */ one) => ({ ...one, acknowledged: one.head + 5 })) };
    };
    await alice.reload();
    const frames = listen_to(alice.device);
    await until(() => alice.alert_codes.includes("state_rolled_back"), "told of it");
    await alice.say(bob, "waits");
    await pause();
    assert.deepEqual(sent(frames), []);
    tamper = honest;
    await alice.reload();
    await bob.hears(alice, "waits");
  });

  it("of which a copy writes finds that out, says so and shuts the copy out", async () => {
    const [alice, bob] = await two();
    const open_copy = await copy_of(alice);
    alice.close();
    const thief = await open_copy();
    const request = thief.device.request.bind(thief.device);
    // One who knows what it would give away.
    thief.device.request = async (frame) => (frame.type === "envelope.acknowledge" ? { type: "ok" } : request(frame));
    await thief.say(bob, "from the copy");
    await bob.hears(thief, "from the copy");
    const { mailbox } = await thief.place(bob);
    const held = await thief.device.groups.get(mailbox);
    thief.close();

    await alice.reload();
    await until(() => alice.alert_codes.includes("clone_found"), "told of the copy");
    await alice.say(bob, "from the one that was copied");
    await bob.hears(alice, "from the one that was copied");
    assert.ok((await alice.notices(bob)).includes("clone_found"));
    assert.ok(!(await bob.notices(alice)).includes("undecryptable"));
    // In an epoch that the copy has no keys of.
    assert.ok(describe_group(await alice.device.groups.get(mailbox)).epoch > describe_group(held).epoch);
  });

  it("is told when a copy joins in its place, and takes it back", async () => {
    const [alice, bob] = await two();
    const open_copy = await copy_of(alice);
    alice.close();
    const thief = await open_copy();
    const request = thief.device.request.bind(thief.device);
    thief.device.request = async (frame) => (frame.type === "envelope.acknowledge" ? { type: "ok" } : request(frame));
    const { mailbox } = await thief.place(bob);
    await thief.device.store.transaction((changes) => changes.update("cursors", mailbox, (cursor) => (cursor.behind = true)));
    thief.device.tasks.rejoin(mailbox);
    await until(() => thief.has_joined(bob), "joined in its place");
    thief.close();
    await alice.reload();
    await until(() => alice.alert_codes.includes("clone_found"), "told of the copy");
    await alice.say(bob, "mine again");
    await bob.hears(alice, "mine again");
    await bob.say(alice, "and you hear me");
    await alice.hears(bob, "and you hear me");
  });

  it("is told while it is open that a copy connects", async () => {
    const [alice] = await two();
    const open_copy = await copy_of(alice);
    await open_copy();
    await until(() => alice.alert_codes.includes("clone_found"), "told of the copy");
    assert.equal(alice.device.online, false);
  });

  it("has never sent what it has not stored, with the keys it was sent with", async () => {
    const [alice, bob] = await two();
    const { device } = alice;
    const { mailbox } = await alice.place(bob);
    const request = device.request.bind(device);
    const group_of = async () => (await device.store.list("groups", { prefix: `group/${mailbox}/` })).map(({ value }) => value.bytes);
    const before_it = await group_of();
    let looked = 0;
    device.request = async (frame) => {
      if (frame.type === "envelope.send" && frame.kind !== "archive") {
        // As a page would find it that opened now.
        const rows = await device.store.list("outbox", { prefix: "" });
        const kept = rows.find(({ value }) => value.envelope?.id === to_base64url(/** @type {Uint8Array} */ (frame.id)));
        assert.ok(kept && equal(kept.value.envelope.body, /** @type {Uint8Array} */ (frame.body)));
        assert.notDeepEqual(await group_of(), before_it);
        looked += 1;
      }
      return request(frame);
    };
    await alice.say(bob, "stored first");
    await bob.hears(alice, "stored first");
    assert.ok(looked > 0);

    const { transaction } = device.store;
    const frames = listen_to(device);
    device.store.transaction = /** @type {any} */ ((/** @type {(changes: Changes) => any} */ work) =>
      transaction.call(device.store, async (changes) => {
        const result = await work(changes);
        if (changes.records().some(({ store }) => store === "groups")) throw new Talk2meError("storage_full");
        return result;
      }));
    await alice.say(bob, "can't be stored");
    await pause();
    assert.deepEqual(sent(frames), []);
    device.store.transaction = transaction;
    await alice.reload();
    await bob.hears(alice, "can't be stored");
  });

  it("a subscription that began anew is no older state", () => {
    const cursor = /** @type {any} */ ({ sequence: 5 });
    const subscription = (/** @type {number} */ first, /** @type {number} */ acknowledged) =>
      /** @type {any} */ ({ first, acknowledged });
    assert.equal(is_behind(cursor, subscription(1, 5)), false);
    assert.equal(is_behind(cursor, subscription(1, 6)), true);
    assert.equal(is_behind(cursor, subscription(10, 9)), false);
    assert.equal(is_behind(cursor, subscription(10, 10)), true);
    assert.equal(is_behind({ ...cursor, spent: 6 }, subscription(1, 6)), false);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual(everyone.flatMap(({ browser }) => browser.faults), []);
  });
});
