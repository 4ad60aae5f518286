// @ts-check
// History that nobody asked for (ATTACKS 13): from a member, inside the encryption; from the server, in the archive.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { concat } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { seal_entry } from "../../../static/js/protocol/archive_entry.js";
import { derive_archive, message_entry_id } from "../../../static/js/protocol/archive_keys.js";
import { get_state } from "../../../static/js/session/archive/archive_state.js";
import { get_secrets } from "../../../static/js/session/vault/secrets.js";
import { add_device, archived, is_restored } from "../support/archives.js";
import { until } from "../support/browser.js";
import { Person, two_people } from "../support/people.js";
import { send_content } from "../support/said.js";
import { start_server } from "../support/server.js";
import { digest_of } from "../support/stored.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Tamper } from "../support/tampering_socket.js" */

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let to_alice = honest;
/** @type {Tamper} */
let to_reader = honest;

const ENVELOPE = { kind: "archive", slot: 0, hash: null, commitment: new Uint8Array(32), subscribers: null, minute: 0, franking: new Uint8Array(32) };

describe("history that nobody asked for", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let mallory;
  let recovery_key = "";
  /** @type {Person[]} */
  const readers = [];

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => to_alice);
    [alice, bob] = await two_people(server.origin, [{ make_socket }, {}]);
    recovery_key = await alice.do("pending_recovery_key");
    mallory = await Person.sign_up(server.origin, "mallory");
    await mallory.do("start_conversation", { account: alice.account });
    await mallory.say(alice, "a stranger's word");
    await alice.hears(mallory, "a stranger's word");
    await until(async () => (await archived(alice)) >= 2 && (await alice.ask("archive")).waiting === 0, "in the archive");
  });
  afterEach(() => {
    to_alice = honest;
    to_reader = honest;
    for (const reader of readers.splice(0)) {
      reader.close();
      assert.deepEqual(reader.browser.faults, []);
    }
  });
  after(async () => {
    for (const one of [alice, bob, mallory]) one?.close();
    await server?.stop();
  });

  /** What somebody is said to have written in the conversation of Alice and Bob. @param {string} text */
  const claimed = (text) => ({
    ...{ conversation: from_base64url(bob.account), id: random_bytes(16), author: from_base64url(bob.account), time: Date.now(), received: Date.now() },
    ...{ type: "text", text, place: null },
  });

  /** The whole of what Alice is shown, but for the conversation that the lie came in. @param {Person} sender */
  async function shown_elsewhere(sender) {
    const conversations = await alice.ask("conversations");
    const others = conversations.filter((/** @type {any} */ { id }) => id !== sender.account).map((/** @type {any} */ { id, unread }) => ({ id, unread }));
    const talks = await Promise.all(others.map((/** @type {any} */ { id }) => alice.ask("messages", { conversation: id, limit: 1000 })));
    const { mailbox, keys } = (await get_secrets(alice.device)).archive;
    return { others, talks, mailbox, keys, number: conversations.length, missing: (await alice.ask("archive")).missing };
  }

  for (const who of ["a contact", "a stranger"]) {
    it(`of ${who}, in a message of its own, is shown as something unknown of theirs, and nothing of it counts`, async () => {
      const sender = who === "a contact" ? bob : mallory;
      const key = random_bytes(32);
      const forms = [
        { type: "message", body: claimed("what bob never said") },
        { type: "messages", body: { messages: [claimed("what bob never said")] } },
        { type: "archive", body: { mailbox: random_bytes(16), keys: [{ generation: 9, key }] } },
        { type: "link", body: { device: random_bytes(16), number: 1, prev: random_bytes(32), entries: random_bytes(48) } },
        { type: "vault", body: { device: random_bytes(16), version: 1000, hash: random_bytes(32) } },
      ];
      const before_it = await shown_elsewhere(sender);
      const talk = await alice.messages(sender);
      for (const form of forms) await send_content(sender, alice, form);
      await until(async () => (await alice.messages(sender)).length >= talk.length + forms.length, "all have come");
      const now = await alice.messages(sender);
      assert.deepEqual(now.slice(0, talk.length).map(({ id, text }) => [id, text]), talk.map(({ id, text }) => [id, text]));
      for (const { type, author, text } of now.slice(talk.length)) assert.deepEqual([type, author.account, text], ["unknown", sender.account, undefined]);
      assert.deepEqual(await shown_elsewhere(sender), before_it);
      // Nothing of it goes into the archive either.
      assert.equal((await alice.ask("archive")).waiting, 0);
    });
  }

  async function archive_of_alice() {
    const mailbox = from_base64url(/** @type {any} */ (await get_state(alice.device.store)).mailbox);
    const { archive } = await get_secrets(alice.device);
    const { envelopes } = await alice.device.request({ type: "envelope.drain", mailbox, after: 0, limit: 100 });
    return { mailbox, keys: archive.keys, envelopes };
  }

  /** What a server could put there: none is made by a device of Alice's. */
  async function injected() {
    const { mailbox, envelopes } = await archive_of_alice();
    const others = (await get_secrets(mallory.device)).archive;
    const theirs = await derive_archive(others.keys[0].key, from_base64url(mallory.account), 1);
    const body = claimed("what bob never said");
    const id = await message_entry_id(theirs, body.conversation, body.id);
    const foreign = await seal_entry(theirs, { mailbox, id }, /** @type {any} */ ({ type: "message", body }), random_bytes);
    const own = envelopes[0];
    return [
      { id: random_bytes(16), body: random_bytes(300) },
      { id, body: foreign },
      { id: random_bytes(16), body: own.body },
      { id: envelopes.at(-1).id, body: own.body },
      { id: own.id, body: own.body },
      { id: random_bytes(16), body: concat(Uint8Array.of(1, 0, 0, 0, 1), random_bytes(300)) },
      { id: random_bytes(16), body: new Uint8Array(0) },
    ];
  }

  it("of the server, pushed as new entries of the archive, is not shown and does not count", async () => {
    const { mailbox } = await archive_of_alice();
    const more = await injected();
    const before_it = { ...(await shown_elsewhere(mallory)), kept: await digest_of(alice.device, ["messages", "conversations", "contacts"]) };
    const { read } = /** @type {any} */ (await get_state(alice.device.store));
    const writer = await add_device(alice, server.origin, recovery_key);
    readers.push(writer);
    const head = read + more.length + 1;
    const envelopes = more.map((one, at) => ({ ...ENVELOPE, ...one, sequence: read + 1 + at }));
    to_alice = (frame) => {
      if (!frame.envelopes || !frame.mailbox || to_base64url(frame.mailbox) !== to_base64url(mailbox)) return frame;
      return { ...frame, head: head - 1, envelopes: frame.type === "envelope.new" ? envelopes : envelopes.slice(0, frame.envelopes.length || undefined) };
    };
    await writer.say(bob, "an honest one");
    await until(async () => /** @type {any} */ (await get_state(alice.device.store)).read >= head - 1, "read on");
    to_alice = honest;
    await alice.hears(bob, "an honest one");
    const texts = await alice.texts(bob);
    assert.ok(!texts.includes("what bob never said"));
    assert.equal(new Set(texts).size, texts.length);
    const now = await shown_elsewhere(mallory);
    assert.deepEqual([now.others, now.number, now.mailbox], [before_it.others, before_it.number, before_it.mailbox]);
    assert.ok(!alice.alert_codes.includes("clone_found"));
  });

  it("of the server, among the entries that a new device restores, is not shown and does not count", async () => {
    const { mailbox } = await archive_of_alice();
    const more = await injected();
    to_reader = (frame) => {
      const is_archive = (/** @type {Uint8Array} */ id) => id && to_base64url(id) === to_base64url(mailbox);
      const shift = more.length;
      if (frame.type === "mailbox.page") {
        return { ...frame, mailboxes: frame.mailboxes.map((/** @type {any} */ one) => (is_archive(one.mailbox) ? { ...one, head: one.head + shift } : one)) };
      }
      if (!frame.envelopes || !is_archive(frame.mailbox)) return frame;
      // At the beginning, before everything honest.
      const moved = frame.envelopes.map((/** @type {any} */ one) => ({ ...one, sequence: one.sequence + shift }));
      const added = more.map((one, at) => ({ ...ENVELOPE, ...one, sequence: at + 1 }));
      const is_back = frame.type === "envelope.batch" && frame.envelopes[0]?.sequence === 1;
      return { ...frame, head: frame.head + shift, envelopes: is_back ? [...added, ...moved] : moved };
    };
    const reader = await add_device(alice, server.origin, recovery_key, { make_socket: tampering_sockets(server.origin, () => to_reader) });
    readers.push(reader);
    await until(() => is_restored(reader), "read to the end");
    const texts = await reader.texts(bob);
    assert.ok(!texts.includes("what bob never said"));
    assert.deepEqual(texts, await alice.texts(bob));
    assert.deepEqual((await reader.ask("conversations")).map((/** @type {any} */ { unread }) => unread).filter(Boolean), []);
    assert.equal(reader.browser.alerts.filter(({ code }) => code === "archive_incomplete").length, 0);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, mallory].flatMap(({ browser }) => browser.faults), []);
  });
});
