// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { index_messages } from "../../../../static/js/session/search/index_messages.js";
import { add_device, is_restored } from "../../support/archives.js";
import { until } from "../../support/browser.js";
import { two_people } from "../../support/people.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("search", { timeout: 120_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person | undefined} */
  let second;

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    for (const text of ["The blood test was fine", "Testing the new bench", "我们明天在公园见面"]) {
      await alice.say(bob, text);
      await bob.hears(alice, text);
    }
  });
  after(async () => {
    for (const one of [alice, bob, second]) one?.close();
    await server?.stop();
  });

  /** @param {Person} person @param {string} text @param {Record<string, unknown>} [more] @returns {Promise<string[]>} */
  async function found(person, text, more = {}) {
    const results = await person.ask("search", { text, limit: 20, ...more });
    return results.map((/** @type {any} */ one) => one.text);
  }

  it("finds what has just come, before it is in the index, and the newest first", async () => {
    assert.deepEqual(await found(bob, "test"), ["Testing the new bench", "The blood test was fine"]);
    assert.deepEqual(await found(bob, "test blo"), ["The blood test was fine"]);
  });

  it("finds the same out of the index, and says who wrote it, where, and which part of it", async () => {
    for (const person of [alice, bob]) {
      await index_messages(person.device);
      assert.deepEqual(await found(person, "公园"), ["我们明天在公园见面"]);
    }
    const [one] = await bob.ask("search", { text: "benc", limit: 5 });
    assert.equal(one.author.username, alice.name);
    assert.equal(one.conversation, alice.account);
    assert.deepEqual(one.ranges, [[16, 21]]);
    const [same] = await bob.ask("messages", { conversation: one.conversation, before: one.order + 1, limit: 1 });
    assert.equal(same.id, one.id);
  });

  it("is narrowed to a conversation, to somebody and to files", async () => {
    assert.deepEqual(await found(bob, "test", { author: bob.account }), []);
    assert.equal((await found(bob, "test", { author: alice.account, conversation: alice.account })).length, 2);
    assert.deepEqual(await found(bob, "test", { conversation: bob.account }), []);
    assert.deepEqual(await found(bob, "test", { files: true }), []);
  });

  it("forgets what was said before an edit, and the words of what was deleted", async () => {
    await bob.hears(alice, "Testing the new bench");
    const [edited] = await alice.ask("search", { text: "benc", limit: 5 });
    const [deleted] = await alice.ask("search", { text: "公园", limit: 5 });
    await alice.do("edit_message", { conversation: bob.account, id: edited.id, text: "Trying the new stool" });
    await alice.do("delete_message", { conversation: bob.account, id: deleted.id, for: "own" });
    await index_messages(alice.device);
    assert.deepEqual(await found(alice, "benc"), []);
    assert.deepEqual(await found(alice, "stool"), ["Trying the new stool"]);
    const words = (await alice.device.store.list("search", { prefix: "s/" })).map(({ value }) => value.segment.terms).join("\n");
    assert.ok(words.includes("stool"));
    assert.ok(!words.includes("bench") && !words.includes("公园"));
    assert.equal(await alice.device.store.count("search", "d/"), 0);
  });

  it("keeps nothing readable on the disk", async () => {
    const rows = await bob.device.store.read_sealed("search", "", 100);
    assert.ok(rows.length > 0);
    for (const { sealed } of rows) assert.ok(!Buffer.from(sealed).toString("latin1").includes("blood"));
  });

  it("finds what a new device got out of the archive", async () => {
    const recovery_key = await alice.do("pending_recovery_key");
    second = await add_device(alice, server.origin, recovery_key);
    const person = second;
    await until(() => is_restored(person), "restored");
    await until(async () => (await found(person, "blood")).length === 1, "found");
  });
});
