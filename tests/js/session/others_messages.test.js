// @ts-check
// What a member can do to another's messages (ATTACKS 35): nothing, whatever it puts into its own.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { Person, two_people } from "../support/people.js";
import { send_content as send_as } from "../support/said.js";
import { start_server } from "../support/server.js";

describe("a member of a conversation", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let carol;

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    carol = await Person.sign_up(server.origin, "carol");
    await carol.meet(alice);
    await carol.say(alice, "this is carol");
    await alice.hears(carol, "this is carol");
    carol.close();
    await alice.say(carol, "are you there?");
    await alice.sees_status(carol, "are you there?", "stored");
  });
  after(async () => {
    for (const person of [alice, bob, carol]) person?.close();
    await server?.stop();
  });

  /** @param {{ type: string, body: unknown, id?: Uint8Array }} content */
  async function send_content(content) {
    // What was sent before it is shown before it.
    const mark = `after ${content.type} ${to_text(await send_as(bob, alice, content))}`;
    await bob.say(alice, mark);
    await alice.hears(bob, mark);
  }

  /** @param {Uint8Array} id */
  const to_text = (id) => Buffer.from(id).toString("hex");
  /** @param {Person} person @param {Person} other @param {string} text */
  const message = async (person, other, text) => (await person.messages(other)).find((one) => one.text === text);

  it("changes none by a text under its id, another's or its own", async () => {
    for (const text of ["first", "second"]) {
      const before_it = await alice.messages(bob);
      const { id } = await message(alice, bob, text);
      await send_content({ type: "text", id: from_base64url(id), body: { text: "what was never said" } });
      assert.deepEqual((await alice.messages(bob)).slice(0, before_it.length), before_it);
      assert.ok(!(await alice.texts(bob)).includes("what was never said"));
    }
  });

  it("confirms none that is its own, of another conversation, or of nobody", async () => {
    const { id: own } = await message(alice, bob, "first");
    const { id: elsewhere } = await message(alice, carol, "are you there?");
    const before_it = [await alice.messages(bob), await alice.messages(carol)];
    await send_content({ type: "receipt", body: { delivered: [own, elsewhere].map(from_base64url).concat(random_bytes(16)) } });
    assert.deepEqual((await alice.messages(bob)).slice(0, before_it[0].length), before_it[0]);
    assert.deepEqual(await alice.messages(carol), before_it[1]);
    assert.equal((await message(alice, carol, "are you there?")).status, "stored");
  });

  it("changes none by a type that this version does not know", async () => {
    const { id } = await message(alice, bob, "second");
    for (const type of ["poll", "replace", "constructor"]) {
      const before_it = await alice.messages(bob);
      await send_content({ type, body: { id: from_base64url(id), target: from_base64url(id), text: "what was never said" } });
      const now = await alice.messages(bob);
      assert.deepEqual(now.slice(0, before_it.length), before_it);
      const { type: shown, author, text } = now[before_it.length];
      assert.deepEqual([shown, author.account, text], ["unknown", bob.account, undefined]);
    }
  });

  it("changes none by a type that is unknown under its id", async () => {
    const before_it = await alice.messages(bob);
    const { id } = await message(alice, bob, "second");
    await send_content({ type: "replace", id: from_base64url(id), body: { text: "what was never said" } });
    assert.deepEqual((await alice.messages(bob)).slice(0, before_it.length), before_it);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
