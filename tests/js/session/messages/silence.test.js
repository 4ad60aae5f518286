// @ts-check
// What leaves a browser for who watches somebody (ATTACKS 25): every frame is counted, for the server sees those as well.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { to_base64url } from "../../../../static/js/codec/base64url.js";
import { until } from "../../support/browser.js";
import { entry_of, messages_in, texts_in } from "../../support/groups.js";
import { Person, two_people } from "../../support/people.js";
import { start_server } from "../../support/server.js";
import { tampering_sockets } from "../../support/tampering_socket.js";

// What a server has to be told so that it gives out what is there, and forgets what has come.
const READING = ["envelope.drain", "envelope.acknowledge"];
const CHOICES = ["receipts", "read_receipts", "typing"];

describe("somebody who watches", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let stranger;
  let group = "";
  let ahead = 0;
  const now = () => Date.now() + ahead;
  /** @type {any[]} all that alice's browser sends */
  const sent = [];

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => (frame) => frame, (frame) => void sent.push(frame));
    [alice, bob] = await two_people(server.origin, [{ make_socket, now }, { now }]);
    stranger = await Person.sign_up(server.origin, "stranger", { now });
    for (const name of CHOICES) await alice.do("set_setting", { name, value: true });
  });
  after(async () => {
    for (const one of [alice, bob, stranger]) one?.close();
    await server?.stop();
  });

  /** @param {string} mailbox @returns {string[]} types of frames that concern it */
  const sent_to = (mailbox) => sent.filter((frame) => frame.mailbox && to_base64url(frame.mailbox) === mailbox).map(({ type }) => type);

  /** Alice does whatever somebody does who looks at a conversation. @param {string} id */
  async function looks_at(id) {
    const messages = await messages_in(alice, id);
    await alice.do("mark_read", { conversation: id, order: messages[messages.length - 1].order });
    ahead += 5_000;
    await alice.do("typing", { conversation: id });
    await alice.do("save_draft", { conversation: id, text: "who might that be" });
    await alice.ask("message_details", { conversation: id, id: messages[messages.length - 1].id });
  }

  /** By then whatever was owed before has left: bob's receipt has waited as long. @param {string} text */
  async function time_has_passed(text) {
    await bob.say(alice, text);
    await alice.hears(bob, text);
    await looks_at(bob.account);
    await bob.sees_status(alice, text, "read");
  }

  it("learns nothing from whom they have only asked, in a conversation or a group, whatever is done there", async () => {
    await stranger.do("start_conversation", { account: alice.account });
    await stranger.say(alice, "are you awake?");
    ({ conversation: group } = await stranger.do("create_group", { title: "look who is here", members: [alice.account] }));
    await alice.hears(stranger, "are you awake?");
    await until(async () => (await entry_of(alice, group))?.title === "look who is here");
    await stranger.do("send_text", { conversation: group, text: "or here?" });
    await until(async () => (await texts_in(alice, group)).includes("or here?"));
    const { mailbox } = await stranger.place(alice);
    for (const id of [stranger.account, group]) {
      assert.equal((await entry_of(alice, id)).state, "request");
      await looks_at(id);
    }
    await alice.reload();
    for (const id of [stranger.account, group]) await looks_at(id);
    await stranger.say(alice, "and now?");
    await alice.hears(stranger, "and now?");
    await time_has_passed("meanwhile, between friends");
    for (const place of [mailbox, group]) {
      assert.ok(sent_to(place).length > 0, "it was read");
      assert.deepEqual(sent_to(place).filter((type) => !READING.includes(type)), []);
    }
    for (const text of ["are you awake?", "and now?"]) await stranger.sees_status(alice, text, "stored");
  });

  it("learns nothing from whoever declines them either", async () => {
    const { mailbox } = await stranger.place(alice);
    await alice.do("decline_request", { conversation: stranger.account });
    sent.length = 0;
    await stranger.say(alice, "hello?");
    await stranger.sees_status(alice, "hello?", "stored");
    await time_has_passed("still between friends");
    assert.deepEqual(sent_to(mailbox).filter((type) => !READING.includes(type)), []);
  });

  it("gets no receipt and sees nobody typing where that is off: nothing leaves but what is said", async () => {
    for (const name of CHOICES) await alice.do("set_setting", { name, value: false });
    const { mailbox } = await bob.place(alice);
    for (const text of ["first of all", "and then"]) {
      await bob.say(alice, text);
      await alice.hears(bob, text);
    }
    sent.length = 0;
    await looks_at(bob.account);
    await alice.say(bob, "a word");
    await bob.hears(alice, "a word");
    ahead += 5_000;
    await alice.do("typing", { conversation: bob.account });
    await alice.sees_status(bob, "a word", "delivered");
    assert.deepEqual(sent_to(mailbox).filter((type) => !READING.includes(type)), ["envelope.send"]);
    for (const text of ["first of all", "and then"]) await bob.sees_status(alice, text, "stored");
  });

  it("sees all of it where it was chosen, so that the silence above is no accident", async () => {
    for (const name of CHOICES) await alice.do("set_setting", { name, value: true });
    const { mailbox } = await bob.place(alice);
    sent.length = 0;
    await time_has_passed("and aloud");
    assert.deepEqual([...new Set(sent_to(mailbox))].filter((type) => !READING.includes(type)).sort(), ["envelope.send", "signal.send"]);
  });

  it("finds no fault of our own", () => {
    assert.deepEqual([alice, bob, stranger].flatMap(({ browser }) => browser.faults), []);
  });
});
