// @ts-check
// What a member can do to another's messages (ATTACKS 35): nothing, whatever it puts into its own.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { concat } from "../../../static/js/codec/bytes.js";
import { pack } from "../../../static/js/codec/msgpack.js";
import { pad_with_length } from "../../../static/js/codec/padme.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { make_commitment } from "../../../static/js/protocol/franking.js";
import { encrypt } from "../../../static/js/protocol/mls.js";
import { last_hash } from "../../../static/js/session/follow_transcript.js";
import { Person, two_people } from "../support/people.js";
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

  /** Bob sends a content of any form, well encrypted. @param {{ type: string, body: unknown, id?: Uint8Array }} content */
  async function send_content({ type, body, id = random_bytes(16) }) {
    const { device } = bob;
    const { mailbox: place, cursor } = await bob.place(alice);
    const mailbox = from_base64url(place);
    const { chain } = await device.store.get("contacts", bob.account);
    const transcript = await device.store.get("transcripts", place);
    const seen = { sequence: transcript.sequence, transcript: last_hash(transcript) };
    const fields = { v: 1, type, id, time: Date.now(), seen, chain: { seq: chain.seq, hash: chain.hash }, checkpoint: null, body };
    const [opening, content] = [random_bytes(32), pack(fields)];
    const { group, body: sealed } = await encrypt(await device.groups.get(place), pad_with_length(concat(opening, content), 256));
    await device.store.transaction((changes) => device.groups.put(changes, place, group));
    const commitment = await make_commitment(opening, mailbox, content);
    const envelope = { mailbox, id: random_bytes(16), kind: "application", slot: cursor.slot, body: sealed, commitment, expires_in: null };
    await device.request({ type: "envelope.send", ...envelope });
    // What was sent before it is shown before it.
    const mark = `after ${type} ${to_text(id)}`;
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
    for (const type of ["edit", "delete", "reaction"]) {
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
    await send_content({ type: "edit", id: from_base64url(id), body: { text: "what was never said" } });
    assert.deepEqual((await alice.messages(bob)).slice(0, before_it.length), before_it);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
