// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../../static/js/errors.js";
import { keep_vault } from "../../../../static/js/session/vault/keep_vault.js";
import { Browser, until } from "../../support/browser.js";
import { all_hear, entry_of, make_group, messages_in, people_who_know_each_other, say_in } from "../../support/groups.js";
import { Person, two_people } from "../../support/people.js";
import { start_server } from "../../support/server.js";

describe("a blocked account", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const everyone = [];

  before(async () => {
    server = await start_server();
  });
  after(async () => {
    for (const one of everyone) one.close();
    await server?.stop();
  });

  /** @param {Promise<Person[]>} made */
  async function keep(made) {
    const people = await made;
    everyone.push(...people);
    return people;
  }

  /** @param {Person} person @param {Person} other */
  const entry = (person, other) => person.ask("conversation", { id: other.account });

  /** Everything that the server has for this person is read. @param {Person} person @param {Person} other */
  async function has_read(person, other) {
    const { mailbox } = await other.place(person);
    const { sequence } = await other.device.store.get("cursors", mailbox);
    await until(async () => (await person.device.store.get("cursors", mailbox)).sequence >= sequence);
  }

  it("is heard no more and gets no receipts, and is told nothing", async () => {
    const [alice, bob] = await keep(two_people(server.origin));
    await bob.do("block", { account: alice.account });
    assert.equal((await entry(bob, alice)).blocked, true);
    assert.deepEqual((await bob.ask("blocked")).map((/** @type {any} */ { username }) => username), [alice.name]);
    await alice.say(bob, "can you hear me?");
    await alice.sees_status(bob, "can you hear me?", "stored");
    await has_read(bob, alice);
    const { mailbox } = await bob.place(alice);
    const { head } = await head_of(bob, mailbox);
    assert.ok(head > 0);
    assert.ok(!(await bob.texts(alice)).includes("can you hear me?"));
    assert.equal((await entry(bob, alice)).unread, 0);
    // As long as a receipt would have waited.
    await new Promise((resolve) => void setTimeout(resolve, 900));
    assert.equal((await head_of(bob, mailbox)).head, head, "nothing was sent");
    await alice.sees_status(bob, "can you hear me?", "stored");
    assert.ok(!(await alice.notices(bob)).length, "nothing is said to her");
    assert.equal((await entry(alice, bob)).state, "active");
  });

  it("talks again after being let in, and what was dropped stays so", async () => {
    const [alice, bob] = await keep(two_people(server.origin));
    await bob.do("block", { account: alice.account });
    await alice.say(bob, "dropped");
    await alice.sees_status(bob, "dropped", "stored");
    await has_read(bob, alice);
    await bob.do("unblock", { account: alice.account });
    assert.deepEqual(await bob.ask("blocked"), []);
    await alice.say(bob, "heard");
    await bob.hears(alice, "heard");
    await alice.sees_status(bob, "heard", "delivered");
    await bob.say(alice, "back");
    await alice.hears(bob, "back");
    assert.ok(!(await bob.texts(alice)).includes("dropped"));
  });

  it("is declined by it where it has only asked, as silently as by declining", async () => {
    const [ann, ben] = [await Person.sign_up(server.origin, "ann"), await Person.sign_up(server.origin, "ben")];
    everyone.push(ann, ben);
    await ann.do("start_conversation", { account: ben.account });
    await ann.say(ben, "buy this");
    await ben.hears(ann, "buy this");
    await ben.do("block", { account: ann.account });
    assert.equal((await entry(ben, ann)).state, "declined");
    await ann.say(ben, "really");
    await ann.sees_status(ben, "really", "stored");
    await ann.sees_status(ben, "buy this", "stored");
  });

  it("begins nothing new: its welcome is declined at once", async () => {
    const [cat, dan] = [await Person.sign_up(server.origin, "cat"), await Person.sign_up(server.origin, "dan")];
    everyone.push(cat, dan);
    // Known from an invitation; they have never talked.
    const { link } = await cat.do("make_invitation");
    await dan.do("read_invitation", { fragment: new URL(link).hash });
    await dan.do("find_account", { username: "cat" });
    await dan.do("block", { account: cat.account });
    await cat.do("start_conversation", { account: dan.account });
    await cat.say(dan, "hello there");
    await cat.sees_status(dan, "hello there", "stored");
    await until(async () => (await entry(dan, cat))?.state === "declined");
    assert.deepEqual(await dan.texts(cat), []);
    await cat.sees_status(dan, "hello there", "stored");
  });

  it("is blocked on the account's other devices too, and the later decision counts", async () => {
    const [alice, bob] = await keep(two_people(server.origin));
    const browser = new Browser(server.origin);
    const second = new Person(browser, await browser.open_tab());
    everyone.push(second);
    await link_browsers(bob, second);
    await bob.do("block", { account: alice.account });
    await keep_vault(bob.device);
    await keep_vault(second.device, { look: true });
    assert.equal((await second.ask("blocked")).length, 1);
    await second.do("unblock", { account: alice.account });
    await keep_vault(second.device);
    await keep_vault(bob.device, { look: true });
    assert.deepEqual(await bob.ask("blocked"), []);
  });

  it("is marked in groups, where the others hear it, and adds nobody to new ones", async () => {
    const [ana, ben, cem] = await keep(people_who_know_each_other(server.origin, ["ana", "ben", "cem"]));
    const id = await make_group(cem, [ana, ben]);
    await say_in(ana, id, "to all");
    await all_hear([ben, cem], id, "to all");
    await ben.do("block", { account: ana.account });
    await say_in(ana, id, "to those who listen");
    await all_hear([ben, cem], id, "to those who listen");
    const marked = (await messages_in(ben, id)).filter(({ type }) => type === "text").map(({ text, blocked }) => [text, blocked]);
    assert.deepEqual(marked, [["to all", true], ["to those who listen", true]]);
    assert.ok((await messages_in(cem, id)).every(({ blocked }) => blocked === undefined));
    // The list of conversations doesn't say it either.
    const { text, author, blocked } = (await entry_of(ben, id)).last;
    assert.deepEqual([text, author, blocked], ["", ana.name, true]);
    assert.equal((await entry_of(cem, id)).last.text, "to those who listen");
    const { conversation } = await ana.do("create_group", { title: "without asking", members: [ben.account, cem.account] });
    await until(async () => (await entry_of(cem, conversation))?.kind === "group");
    await until(async () => (await entry_of(ben, conversation))?.state === "declined");
    assert.notEqual((await entry_of(ben, id)).state, "declined");
  });

  it("must be known, and is not oneself", async () => {
    const [alice] = await keep(two_people(server.origin));
    for (const account of [alice.account, "AAAAAAAAAAAAAAAAAAAAAA"]) {
      await assert.rejects(alice.do("block", { account }), (error) => is_talk2me_error(error, "not_found"));
    }
  });
});

/** @param {Person} person @param {string} mailbox @returns {Promise<{ head: number }>} as the server says */
async function head_of(person, mailbox) {
  const bytes = Uint8Array.from(Buffer.from(mailbox, "base64url"));
  return person.device.request({ type: "envelope.drain", mailbox: bytes, after: 2 ** 40, limit: 1 });
}

/** @param {Person} old @param {Person} fresh */
async function link_browsers(old, fresh) {
  const { code } = await old.do("begin_link");
  /** @type {any[]} */
  const news = [];
  old.session.on("link", (detail) => news.push(detail));
  const linked = fresh.do("link_browser", { code, device_name: "" });
  await until(() => news.find(({ step }) => step === "compare"));
  await old.do("confirm_link", { match: true });
  await linked;
}
