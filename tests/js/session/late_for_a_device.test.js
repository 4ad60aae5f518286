// @ts-check
// Devices come and go while others are away: whoever reads of it later takes what the others have taken.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { join_externally } from "../../../static/js/protocol/mls.js";
import { add_device } from "../support/archives.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */

/** @import { Tamper } from "../support/tampering_socket.js" */

/** @type {Tamper} */
const honest = (frame) => frame;
/** @type {Tamper} */
let to_bob = honest;
const FINE = new Set(["device_added", "device_removed", "own_device_joined", "own_device_removed", "recovered_messages"]);

describe("who was away while a device was added and removed again", { timeout: 180_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person[]} */
  const others = [];

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin, [{}, { make_socket: tampering_sockets(server.origin, () => to_bob) }]);
  });
  after(async () => {
    for (const one of [alice, bob, ...others]) one?.close();
    await server?.stop();
  });

  /** @param {Person} one @param {Person} peer */
  async function is_undisturbed(one, peer) {
    assert.deepEqual((await one.notices(peer)).filter((code) => !FINE.has(code)), []);
    assert.deepEqual(one.alert_codes.filter((code) => code !== "own_device_added" && code !== "device_linked"), []);
    assert.deepEqual(one.browser.faults, []);
  }

  it("reads on as if it had been there: a contact, and a device of the same account", async () => {
    const recovery_key = await alice.do("pending_recovery_key");
    const second = await add_device(alice, server.origin, recovery_key);
    others.push(second);
    await until(() => second.has_joined(bob), "joined");
    await bob.say(alice, "to both");
    await second.hears(bob, "to both");
    await second.say(bob, "from the second");
    await bob.hears(alice, "from the second");
    second.session.close();
    bob.session.close();

    const third = await add_device(alice, server.origin, recovery_key);
    others.push(third);
    await until(() => third.has_joined(bob), "the third has joined");
    await third.say(bob, "from the third");
    await alice.hears(bob, "from the third");
    await alice.do("revoke_devices", { devices: [/** @type {any} */ (third.session.profile()).device] });
    await until(() => third.alert_codes.includes("device_revoked"), "the third is told");
    await alice.say(bob, "without the third");
    await alice.sees_status(bob, "without the third", "stored");

    for (const one of [bob, second]) one.session = await one.browser.open_tab();
    for (const text of ["from the third", "without the third"]) {
      await bob.hears(alice, text);
      await second.hears(bob, text);
    }
    await bob.say(alice, "I was away");
    for (const one of [alice, second]) await one.hears(bob, "I was away");
    await second.say(bob, "so was I");
    await bob.hears(alice, "so was I");
    await is_undisturbed(bob, alice);
    await is_undisturbed(second, bob);
    await is_undisturbed(alice, bob);
  });

  it("lets in nobody whom the others have not: a removed device that a server helps stays out", async () => {
    const [, third] = others;
    const { mailbox } = await alice.place(bob);
    const { body: group_info } = await alice.device.request({ type: "group_info.fetch", mailbox: from_base64url(mailbox) });
    const { account, device } = third.device.own;
    const forged = await join_externally({
      group_info,
      own: { account: from_base64url(account), device: from_base64url(device) },
      signature_key: third.device.signature_key,
      policy: { check_leaf: async () => true, now: Date.now() },
      now: Date.now(),
    });
    bob.session.close();
    for (const text of ["swallowed", "what the others say", "and again"]) {
      await alice.say(bob, text);
      await alice.sees_status(bob, text, "stored");
    }
    const swallowed = (await alice.messages(bob)).find(({ text }) => text === "swallowed").place.sequence;
    to_bob = (frame) => {
      for (const envelope of frame.envelopes ?? []) {
        if (frame.type !== "envelope.batch" || envelope.sequence !== swallowed) continue;
        Object.assign(envelope, { id: random_bytes(16), kind: "commit", body: forged.commit, subscribers: [] });
      }
      return frame;
    };
    bob.session = await bob.browser.open_tab();
    await bob.hears(alice, "and again");
    assert.ok((await bob.texts(alice)).includes("what the others say"));
    assert.ok((await bob.notices(alice)).includes("commit_refused"));
    const { members } = await bob.group_with(alice);
    assert.ok(members.every((member) => !Buffer.from(member.device).equals(Buffer.from(from_base64url(device)))));
  });
});
