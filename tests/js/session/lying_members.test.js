// @ts-check
// A server that lies about who is in a conversation (ATTACKS 5, 6).
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { describe as describe_group } from "../../../static/js/protocol/mls.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */
/** @import { Tamper } from "../support/tampering_socket.js" */

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let tamper = honest;

/** @param {(envelope: any) => any} change @returns {Tamper} */
const on_envelopes = (change) => (frame) => (frame.envelopes ? { ...frame, envelopes: frame.envelopes.map(change) } : frame);

describe("a server that lies about members", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {any} */
  let old_commit = null;

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => tamper);
    [alice, bob] = await two_people(server.origin, [{ make_socket }, {}]);
  });
  afterEach(() => {
    tamper = honest;
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  /** Bob commits: his keys are to be fresh before he says this. @param {string} text */
  async function commit_and_say(text) {
    const { mailbox } = await bob.place(alice);
    await bob.device.store.transaction((changes) => changes.update("cursors", mailbox, (cursor) => (cursor.fresh = false)));
    await bob.say(alice, text);
    await alice.hears(bob, text);
  }

  async function alices_group() {
    const { mailbox } = await alice.place(bob);
    return describe_group(await alice.device.groups.get(mailbox));
  }

  it("5: a device that it delivers to besides the members is told, and is no member", async () => {
    tamper = on_envelopes((envelope) => {
      if (envelope.kind !== "commit") return envelope;
      // Bob's: her own, by which she puts the list right, would say to her that somebody has a copy of her keys.
      old_commit ??= envelope;
      return { ...envelope, subscribers: [...envelope.subscribers, random_bytes(16)] };
    });
    await commit_and_say("with a ghost beside us");
    await until(() => alice.alert_codes.includes("subscribers_differ"));
    assert.ok((await alice.notices(bob)).includes("subscribers_differ"));
    assert.equal((await alices_group()).members.length, 2);
    // Her own commit puts the server's list right; what follows is readable to members alone.
    tamper = honest;
    await until(async () => !(await alice.place(bob)).cursor.repair, "put right");
    await alice.say(bob, "only for you");
    await bob.hears(alice, "only for you");
  });

  it("6: a commit of before, given again in the place of another envelope, changes nothing", async () => {
    // What is still on its way is through: of an echo of her own nothing is told, and it would stand where Bob's text does.
    await alice.sees_status(bob, "only for you", "delivered");
    await bob.sees_status(alice, "with a ghost beside us", "delivered");
    const { epoch, members } = await alices_group();
    // Each of them: an echo of what she has sent herself would be passed over.
    tamper = on_envelopes((envelope) => {
      if (envelope.kind !== "application") return envelope;
      const { sequence, slot } = envelope;
      return { ...old_commit, id: random_bytes(16), sequence, slot: slot + 1 };
    });
    await bob.say(alice, "swallowed");
    await until(async () => (await alice.notices(bob)).includes("commit_refused"));
    const now = await alices_group();
    assert.deepEqual([now.epoch, now.members], [epoch, members]);
    tamper = honest;
    await bob.say(alice, "goes on");
    await alice.hears(bob, "goes on");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
