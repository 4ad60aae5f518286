// @ts-check
// What people do with messages, between two of them and on all of their devices.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../../static/js/codec/base64url.js";
import { add_device, is_restored } from "../../support/archives.js";
import { until } from "../../support/browser.js";
import { Person, two_people } from "../../support/people.js";
import { all_see, alike, said, send_content, shown } from "../../support/said.js";
import { start_server } from "../../support/server.js";

describe("messages between two people, one with two devices", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let tablet;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let carol;
  /** @type {Person} */
  let later;
  let recovery_key = "";
  /** @type {[Person[], Person[]]} */
  let everybody;

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    carol = await Person.sign_up(server.origin, "carol");
    await carol.meet(bob);
    await bob.say(carol, "hello carol");
    await carol.hears(bob, "hello carol");
    recovery_key = await alice.do("pending_recovery_key");
    tablet = await add_device(alice, server.origin, recovery_key);
    await until(async () => (await tablet.has_joined(bob)) && (await is_restored(tablet)), "the tablet has joined");
    everybody = [[alice, tablet, bob], [bob, bob, alice]];
  });
  after(async () => {
    for (const one of [alice, tablet, bob, carol, later]) one?.close();
    await server?.stop();
  });

  /** @param {Person} person @param {Person} other @param {string} text @param {any} [more] @returns {Promise<string>} its id, once everybody has it */
  async function say(person, other, text, more) {
    const { id } = await person.do("send_text", { conversation: other.account, text, ...more });
    await all_see(...everybody, id, (message) => message?.text === text, text);
    return id;
  }

  it("reply, with the quote as the original reads for whoever reads it", async () => {
    const id = await say(alice, bob, "where shall we meet?");
    const answer = await say(bob, alice, "at the station", { reply: id, mentions: [alice.account] });
    const { reply, mentions } = await shown(tablet, bob, answer);
    assert.deepEqual(reply, { id, author: { account: alice.account, username: alice.name }, text: "where shall we meet?", here: true });
    assert.deepEqual(mentions, [{ account: alice.account, username: alice.name }]);
    await alice.do("edit_message", { conversation: bob.account, id, text: "where do we meet?" });
    await all_see(...everybody, answer, (message) => message.reply.text === "where do we meet?", "the quote follow the edit");
  });

  it("are believed about a quote only where nobody here knows better", async () => {
    const { id } = await said(bob, alice, "first");
    const quote = { author: from_base64url(alice.account), text: "I owe you a million" };
    const forged = await send_content(bob, alice, { type: "text", body: { text: "see?", reply: { ...quote, id: from_base64url(id) } } });
    await send_content(bob, alice, { type: "text", body: { text: "and here?", reply: { ...quote, id: forged.map((byte) => byte ^ 1) } } });
    await alice.hears(bob, "and here?");
    const [one, other] = [await said(alice, bob, "see?"), await said(alice, bob, "and here?")];
    assert.deepEqual([one.reply.text, one.reply.author.account, one.reply.here], ["first", bob.account, true]);
    assert.deepEqual([other.reply.text, other.reply.here], ["I owe you a million", false]);
  });

  it("edit what they said, and everybody sees that and what it was", async () => {
    const id = await say(alice, bob, "at sevn");
    for (const text of ["at seven", "at eight"]) await alice.do("edit_message", { conversation: bob.account, id, text });
    await all_see(...everybody, id, (message) => message.text === "at eight" && message.edited > 0, "the edits");
    const { edits, message } = await bob.ask("message_details", { conversation: alice.account, id });
    assert.deepEqual(edits.map((/** @type {any} */ { text }) => text), ["at sevn", "at seven"]);
    assert.equal(message.time, edits[0].time);
    assert.equal((await bob.ask("conversation", { id: alice.account })).last.text, "at eight");
    await assert.rejects(bob.do("edit_message", { conversation: alice.account, id, text: "at noon" }), { code: "not_found" });
    await assert.rejects(alice.do("edit_message", { conversation: bob.account, id, text: "" }), { code: "text_invalid" });
  });

  it("edit on whichever of their devices they are", async () => {
    const id = await say(alice, bob, "from the phone");
    await tablet.do("edit_message", { conversation: bob.account, id, text: "from the tablet" });
    await all_see(...everybody, id, (message) => message.text === "from the tablet", "the tablet's edit");
  });

  it("react, once each, and take it back", async () => {
    const id = await say(bob, alice, "we won");
    await alice.do("react", { conversation: bob.account, id, emoji: "🎉" });
    await bob.do("react", { conversation: alice.account, id, emoji: "🎉" });
    await all_see(...everybody, id, (message) => message.reactions?.[0]?.count === 2, "two of one kind");
    const [seen] = (await shown(tablet, bob, id)).reactions;
    assert.deepEqual(seen, { emoji: "🎉", count: 2, own: true, people: [alice.name, bob.name] });
    await tablet.do("react", { conversation: bob.account, id, emoji: "👍" });
    await all_see(...everybody, id, (message) => message.reactions?.length === 2, "another in its place");
    await alice.do("react", { conversation: bob.account, id, emoji: null });
    await all_see(...everybody, id, (message) => message.reactions?.length === 1 && message.reactions[0].people[0] === bob.name, "one");
    await assert.rejects(alice.do("react", { conversation: bob.account, id, emoji: "no words" }), { code: "text_invalid" });
  });

  it("pin for everybody, and whoever likes takes it off", async () => {
    const ids = [await say(alice, bob, "the address"), await say(bob, alice, "the code")];
    await alice.do("pin_message", { conversation: bob.account, id: ids[0], pinned: true });
    await until(async () => (await bob.ask("pinned", { conversation: alice.account })).length === 1);
    await bob.do("pin_message", { conversation: alice.account, id: ids[1], pinned: true });
    await until(async () => (await tablet.ask("pinned", { conversation: bob.account })).length === 2);
    assert.deepEqual((await tablet.ask("pinned", { conversation: bob.account })).map((/** @type {any} */ { text }) => text), ["the code", "the address"]);
    assert.equal((await shown(tablet, bob, ids[0])).pinned.by.username, alice.name);
    await bob.do("pin_message", { conversation: alice.account, id: ids[0], pinned: false });
    await until(async () => (await alice.ask("pinned", { conversation: bob.account })).length === 1);
    assert.equal((await shown(alice, bob, ids[0])).pinned, undefined);
  });

  it("forward to others, who see that it is forwarded and not from whom", async () => {
    const id = await say(alice, bob, "to be passed on");
    await bob.do("forward_message", { conversation: alice.account, id, to: [carol.account] });
    await carol.hears(bob, "to be passed on");
    const { forwarded, author, reply } = await said(carol, bob, "to be passed on");
    assert.deepEqual([forwarded, author.account, reply], [true, bob.account, undefined]);
    await assert.rejects(bob.do("forward_message", { conversation: alice.account, id, to: [carol.account, "nobody"] }), { code: "not_found" });
    assert.equal((await carol.texts(bob)).filter((text) => text === "to be passed on").length, 1);
  });

  it("delete for everybody what they have said, with all that was done to it", async () => {
    const id = await say(alice, bob, "forget this");
    const answer = await say(bob, alice, "what?", { reply: id });
    await bob.do("react", { conversation: alice.account, id, emoji: "👍" });
    await alice.do("pin_message", { conversation: bob.account, id, pinned: true });
    await all_see(...everybody, id, (message) => message.reactions && message.pinned, "what is done to it");
    await assert.rejects(bob.do("delete_message", { conversation: alice.account, id, for: "all" }), { code: "not_found" });
    await alice.do("delete_message", { conversation: bob.account, id, for: "all" });
    await all_see(...everybody, id, (message) => message.deleted === "all" && !message.text && !message.reactions && !message.pinned, "nothing of it");
    for (const [at, person] of everybody[0].entries()) {
      assert.ok(!(await person.ask("pinned", { conversation: everybody[1][at].account })).some((/** @type {any} */ one) => one.id === id));
      assert.deepEqual((await shown(person, everybody[1][at], answer)).reply.text, "");
    }
    for (const command of ["react", "pin_message", "edit_message"]) {
      await assert.rejects(alice.do(command, { conversation: bob.account, id, emoji: "👍", pinned: true, text: "x" }), { code: "not_found" });
    }
  });

  it("delete for themselves, on all of their own devices and on nobody else's", async () => {
    const id = await say(bob, alice, "not for me");
    await alice.do("delete_message", { conversation: bob.account, id, for: "own" });
    assert.equal(await shown(alice, bob, id), undefined);
    await until(async () => (await shown(tablet, bob, id)) === undefined, "gone from the tablet");
    assert.equal((await shown(bob, alice, id)).text, "not for me");
    assert.notEqual((await tablet.ask("conversation", { id: bob.account })).last.text, "not for me");
  });

  it("take back what has not left them, and nobody ever hears of it", async () => {
    await server.kill();
    await until(() => !alice.device.online);
    const { id } = await alice.do("send_text", { conversation: bob.account, text: "better not" });
    await alice.do("edit_message", { conversation: bob.account, id, text: "much better not" });
    await alice.do("delete_message", { conversation: bob.account, id, for: "all" });
    assert.equal(await shown(alice, bob, id), undefined);
    await server.restart();
    await say(alice, bob, "what I meant to say");
    assert.ok((await bob.messages(alice)).every((message) => message.id !== id));
    assert.deepEqual(await bob.device.store.list("messages", { prefix: "w/" }), []);
  });

  it("keep what they have typed and not sent, until it is sent", async () => {
    const { id } = await said(alice, bob, "we won");
    await alice.do("save_draft", { conversation: bob.account, text: "half a tho", reply: id });
    assert.equal((await alice.ask("conversation", { id: bob.account })).draft, "half a tho");
    await alice.reload();
    assert.deepEqual(await alice.ask("draft", { conversation: bob.account }), { text: "half a tho", reply: id });
    await say(alice, bob, "half a thought");
    assert.equal(await alice.ask("draft", { conversation: bob.account }), null);
    await alice.do("save_draft", { conversation: bob.account, text: "x" });
    await alice.do("save_draft", { conversation: bob.account, text: "" });
    assert.equal((await alice.ask("conversation", { id: bob.account })).draft, undefined);
    await assert.rejects(alice.do("save_draft", { conversation: "nobody", text: "x" }), { code: "not_found" });
  });

  it("find in both directions from any of them", async () => {
    const all = await alice.messages(bob);
    const middle = all[Math.floor(all.length / 2)];
    const ids = async (/** @type {any} */ part) => (await alice.ask("messages", { conversation: bob.account, ...part })).map((/** @type {any} */ one) => one.id);
    const at = all.indexOf(middle);
    assert.deepEqual(await ids({ after: middle.order, limit: 3 }), all.slice(at + 1, at + 4).map(({ id }) => id));
    assert.deepEqual(await ids({ before: middle.order, limit: 3 }), all.slice(at - 3, at).map(({ id }) => id));
    assert.deepEqual(await ids({ around: middle.order, limit: 5 }), all.slice(at - 2, at + 3).map(({ id }) => id));
    assert.deepEqual(await ids({ after: all[all.length - 1].order, limit: 3 }), []);
  });

  it("find all of it again on a device that comes later", async () => {
    await until(async () => (await alice.ask("archive")).waiting + (await tablet.ask("archive")).waiting === 0, "all is archived");
    later = await add_device(alice, server.origin, recovery_key);
    await until(() => is_restored(later), "restored");
    assert.deepEqual(alike(await later.messages(bob)), alike(await alice.messages(bob)));
    assert.deepEqual(alike(await tablet.messages(bob)), alike(await alice.messages(bob)));
    const details = async (/** @type {Person} */ one) => (await one.ask("message_details", { conversation: bob.account, id: (await said(one, bob, "at eight")).id })).edits;
    assert.deepEqual(await details(later), await details(alice));
    // What was deleted before it was archived has nothing there that it could be about.
    const waiting = await later.device.store.list("messages", { prefix: "w/" });
    assert.deepEqual(waiting.filter(({ value }) => value.type !== "hide"), []);
    const pinned = await later.ask("pinned", { conversation: bob.account });
    assert.deepEqual(pinned.map((/** @type {any} */ { text }) => text), ["the code"]);
  });

  it("without a fault of our own or an alarm", () => {
    const all = [alice, tablet, bob, carol, later];
    assert.deepEqual(all.flatMap(({ browser }) => browser.faults), []);
    // Bob's browser does not know what was sent with its keys behind its back.
    const alerts = [alice, tablet, carol, later].flatMap(({ alert_codes }) => alert_codes);
    assert.deepEqual(alerts.filter((code) => code !== "own_device_added"), []);
  });
});
