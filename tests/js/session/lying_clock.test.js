// @ts-check
// Whose clock is believed (ATTACKS 26): nothing that is shown comes from the server's, and an author's that is ahead is marked.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */
/** @import { Tamper } from "../support/tampering_socket.js" */

const MINUTE = 60_000;
// Unix seconds, in the year 2096.
const OTHER_TIME = 4_000_000_020;

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let tamper = honest;

describe("a clock that is wrong", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  let ahead = 0;

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => tamper);
    [alice, bob] = await two_people(server.origin, [{ make_socket }, { now: () => Date.now() + ahead }]);
  });
  afterEach(() => {
    tamper = honest;
    ahead = 0;
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  /** @param {string} text @returns {Promise<any>} as Alice has it */
  async function heard(text) {
    await bob.say(alice, text);
    await alice.hears(bob, text);
    return (await alice.messages(bob)).find((message) => message.text === text);
  }

  it("of an author, more than ten minutes ahead, is marked; a smaller one is not", async () => {
    ahead = 11 * MINUTE;
    const far = await heard("eleven minutes from now");
    assert.equal(far.clock_ahead, true);
    assert.ok(far.time > Date.now() + 10 * MINUTE);
    assert.ok(far.received <= Date.now());
    ahead = 9 * MINUTE;
    assert.ok(!("clock_ahead" in (await heard("nine minutes from now"))));
    ahead = -11 * MINUTE;
    assert.ok(!("clock_ahead" in (await heard("eleven minutes ago"))));
  });

  it("of the server changes nothing that is shown", async () => {
    let lies = 0;
    tamper = (frame) => {
      if (frame.type === "hello.ok") return { ...frame, time: OTHER_TIME };
      if (!frame.envelopes) return frame;
      lies += frame.envelopes.length;
      return { ...frame, envelopes: frame.envelopes.map((/** @type {any} */ envelope) => ({ ...envelope, minute: OTHER_TIME })) };
    };
    const begin = Date.now();
    await alice.reload();
    const message = await heard("what time is it?");
    assert.ok(lies > 0);
    assert.ok(message.time >= begin && message.received >= begin && message.time <= Date.now() && message.received <= Date.now());
    assert.ok(!("clock_ahead" in message));
    const [conversation] = await alice.ask("conversations");
    assert.equal(conversation.last.time, message.time);
    const everything = JSON.stringify([await alice.messages(bob), await alice.ask("conversations"), await alice.ask("contacts")]);
    assert.ok(!everything.includes(String(OTHER_TIME)));
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
