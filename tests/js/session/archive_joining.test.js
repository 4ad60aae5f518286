// @ts-check
// What is on its way while a device joins was encrypted for those who were there before.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { add_device } from "../support/archives.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Person } from "../support/people.js" */

describe("a message that was under way while a device joined", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const everyone = [];

  before(async () => {
    server = await start_server();
  });
  after(async () => {
    for (const person of everyone) person.close();
    await server?.stop();
  });

  /** @param {(alice: Person, bob: Person) => Promise<void>} prepare @returns {Promise<{ bob: Person, second: Person }>} */
  async function write_while_joining(prepare) {
    const [alice, bob] = await two_people(server.origin);
    everyone.push(alice, bob);
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty, "the vault has the conversation");
    await prepare(alice, bob);
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty, "the vault has what was decided");
    const request = bob.device.request.bind(bob.device);
    let let_go = () => {};
    /** @type {Promise<void>} */
    const held = new Promise((resolve) => (let_go = resolve));
    bob.device.request = async (frame) => {
      if (frame.type === "envelope.send") await held;
      return request(frame);
    };
    await bob.say(alice, "under way");
    const second = await add_device(alice, server.origin, await alice.do("pending_recovery_key"));
    everyone.push(second);
    await until(() => second.ask("conversation", { id: bob.account }), "the conversation is known");
    await until(async () => (await second.place(bob)).cursor?.behind === false, "joined");
    let_go();
    await alice.hears(bob, "under way");
    await bob.say(alice, "afterwards");
    await second.hears(bob, "afterwards");
    return { bob, second };
  }

  it("comes out of the archive, and nobody is told that it can't be read", async () => {
    const { bob, second } = await write_while_joining(async () => {});
    await second.hears(bob, "under way");
    assert.deepEqual((await second.texts(bob)).slice(-2), ["under way", "afterwards"]);
    assert.ok(!(await second.notices(bob)).includes("undecryptable"));
  });

  it("is told to be unreadable where no archive has it", async () => {
    const { bob, second } = await write_while_joining((alice, peer) =>
      alice.do("set_conversation_archive", { conversation: peer.account, on: false }),
    );
    assert.ok((await second.notices(bob)).includes("undecryptable"));
    assert.ok(!(await second.texts(bob)).includes("under way"));
  });
});
