// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */

/** A network that is away. @returns {WebSocket} */
const no_socket = () => {
  throw new Error("away");
};

describe("the outbox", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  it("survives a reload without a network", async () => {
    await alice.reload({ make_socket: no_socket });
    for (const text of ["a", "b", "c"]) await alice.say(bob, text);
    const waiting = (await alice.messages(bob)).filter(({ status }) => status === "waiting").map(({ text }) => text);
    assert.deepEqual(waiting, ["a", "b", "c"]);
    await alice.reload();
    await bob.hears(alice, "c");
    assert.deepEqual((await bob.texts(alice)).slice(-3), ["a", "b", "c"]);
    await alice.sees_status(bob, "c", "delivered");
    assert.deepEqual(await alice.device.store.list("outbox", { prefix: "m/" }), []);
  });

  it("sends the same bytes again when the answer got lost, and the other gets it once", async () => {
    let lost = 0;
    const make_socket = tampering_sockets(server.origin, () => (frame) => {
      if (frame.type === "envelope.accepted" || frame.type === "envelope.new") {
        lost += 1;
        return null;
      }
      return frame;
    });
    await alice.reload({ make_socket });
    await alice.say(bob, "is it there?");
    await bob.hears(alice, "is it there?");
    assert.ok(lost > 0);
    const [waiting] = await alice.device.store.list("outbox", { prefix: "m/" });
    assert.ok(waiting.value.envelope, "its bytes were stored before they left");
    await alice.reload();
    await alice.sees_status(bob, "is it there?", "delivered");
    assert.equal((await bob.texts(alice)).filter((text) => text === "is it there?").length, 1);
  });

  it("survives a server that is killed and started again", async () => {
    await server.restart();
    await bob.say(alice, "after the restart");
    await alice.hears(bob, "after the restart");
    await bob.sees_status(alice, "after the restart", "delivered");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
