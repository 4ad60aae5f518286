// @ts-check
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { to_base64url } from "../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { get_state } from "../../../static/js/session/archive/archive_state.js";
import { add_device, is_restored } from "../support/archives.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */
/** @import { Tamper } from "../support/tampering_socket.js" */

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let to_writer = honest;
/** @type {Tamper} */
let to_reader = honest;
// Nobody has to wait for what happens after minutes.
let ahead = 0;
const now = () => Date.now() + ahead;

/** @param {(envelopes: any[]) => any[]} change of what the archive gives @returns {Tamper} */
const on_entries = (change) => (frame) =>
  frame.envelopes?.some((/** @type {any} */ { kind }) => kind === "archive") ? { ...frame, envelopes: change(frame.envelopes) } : frame;

describe("an archive on a server that lies", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  let recovery_key = "";
  /** @type {Person[]} */
  const readers = [];

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => to_writer);
    [alice, bob] = await two_people(server.origin, [{ make_socket, now }, { now }]);
    recovery_key = await alice.do("pending_recovery_key");
    for (const number of [1, 2, 3, 4]) await alice.say(bob, `number ${number}`);
    await alice.sees_status(bob, "number 4", "delivered");
    await all_linked();
  });
  afterEach(() => {
    to_writer = honest;
    to_reader = honest;
    for (const reader of readers.splice(0)) {
      reader.close();
      assert.deepEqual(reader.browser.faults, []);
    }
  });
  after(async () => {
    for (const one of [alice, bob]) one?.close();
    await server?.stop();
  });

  /** Everything that alice has said is in the archive, in links that the vault knows of. */
  async function all_linked() {
    ahead += 700_000;
    await until(async () => {
      const { links } = /** @type {any} */ (await get_state(alice.device.store));
      const { dirty } = await alice.device.store.get("meta", "vault");
      const { waiting } = await alice.ask("archive");
      if (waiting === 0 && links.waiting.length === 0 && links.number > 0 && !dirty) return true;
      ahead += 5_000;
      alice.device.tasks.archive(0);
      return false;
    }, "linked");
  }

  async function read_all() {
    const make_socket = tampering_sockets(server.origin, () => to_reader);
    const reader = await add_device(alice, server.origin, recovery_key, { make_socket, now });
    readers.push(reader);
    await until(() => is_restored(reader), "read to the end");
    return reader;
  }

  /** @param {Person} reader @returns {number} how much it says is missing */
  const missing = (reader) =>
    reader.browser.alerts.filter(({ code }) => code === "archive_incomplete").reduce((sum, alert) => sum + alert.missing, 0);

  it("is complete as long as it does not", async () => {
    const reader = await read_all();
    assert.equal(missing(reader), 0);
    assert.deepEqual(await reader.texts(bob), await alice.texts(bob));
  });

  it("is found when it leaves out an entry, numbers and all", async () => {
    to_reader = on_entries((envelopes) => envelopes.filter(({ sequence }) => sequence !== 3));
    const reader = await read_all();
    assert.equal(missing(reader), 1);
    assert.equal((await reader.ask("archive")).missing, 1);
  });

  it("is found when it shows one entry under the id of another", async () => {
    to_reader = on_entries((envelopes) => {
      const [a, b] = [2, 3].map((number) => envelopes.find(({ sequence }) => sequence === number));
      return envelopes.map((one) => (one === a ? { ...a, body: b.body } : one === b ? { ...b, body: a.body } : one));
    });
    const reader = await read_all();
    assert.equal(missing(reader), 2);
    const said = await alice.texts(bob);
    assert.ok((await reader.texts(bob)).every((text) => said.includes(text)));
  });

  it("is found when it gives an entry other bytes", async () => {
    to_reader = on_entries((envelopes) => envelopes.map((one) => (one.sequence === 2 ? { ...one, body: random_bytes(one.body.length) } : one)));
    assert.equal(missing(await read_all()), 1);
  });

  it("is found when it cuts the end off, since the vault says how far the links go", async () => {
    const { mailbox } = /** @type {any} */ (await get_state(alice.device.store));
    to_reader = (frame) => {
      const is_archive = (/** @type {Uint8Array} */ id) => to_base64url(id) === mailbox;
      if (frame.type === "mailbox.page") {
        return { ...frame, mailboxes: frame.mailboxes.map((/** @type {any} */ one) => (is_archive(one.mailbox) ? { ...one, head: 2 } : one)) };
      }
      if (!frame.envelopes || !is_archive(frame.mailbox)) return frame;
      return { ...frame, head: 2, envelopes: frame.envelopes.filter((/** @type {any} */ { sequence }) => sequence <= 2) };
    };
    assert.ok(missing(await read_all()) > 0);
  });

  it("is found when it said that it had an entry already, and had another", async () => {
    to_writer = (frame) => (frame.type === "envelope.accepted" ? { ...frame, duplicate: true, hash: random_bytes(32) } : frame);
    await alice.say(bob, "said to be there already");
    await alice.sees_status(bob, "said to be there already", "delivered");
    await until(async () => (await alice.ask("archive")).waiting === 0, "believed");
    to_writer = honest;
    await all_linked();
    assert.equal(missing(await read_all()), 1);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob].flatMap(({ browser }) => browser.faults), []);
  });
});
