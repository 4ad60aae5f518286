// @ts-check
// Two devices of a contact are removed, one before a commit and one after it, and somebody reads of all of it only later.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { equal } from "../../../static/js/codec/bytes.js";
import { until } from "../support/browser.js";
import { other_browser_of } from "../support/groups.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

/** @import { Person } from "../support/people.js" */

describe("devices that were removed around a commit", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person[]} */
  const others = [];
  /** Left out of the list of the first commit that names it: as if it had been removed just before. @type {Uint8Array | null} */
  let removed_before = null;
  let left_out = 0;

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => (frame) => (frame.envelopes ? { ...frame, envelopes: frame.envelopes.map(leave_out) } : frame));
    [alice, bob] = await two_people(server.origin, [{ make_socket }, {}]);
    for (let left = 2; left > 0; left -= 1) others.push(await other_browser_of(bob));
    for (const one of others) await until(() => one.has_joined(alice), "joined");
  });
  after(async () => {
    for (const one of [alice, bob, ...others]) one?.close();
    await server?.stop();
  });

  /** @param {any} envelope */
  function leave_out(envelope) {
    const removed = removed_before;
    const subscribers = removed && envelope.subscribers?.filter((/** @type {Uint8Array} */ one) => !equal(one, removed));
    if (!subscribers || subscribers.length === envelope.subscribers.length) return envelope;
    left_out += 1;
    return { ...envelope, subscribers };
  }

  it("are no reason for an alarm", async () => {
    await bob.say(alice, "before it");
    await alice.hears(bob, "before it");
    removed_before = from_base64url(others[0].session.profile()?.device ?? "");
    alice.close();
    const { mailbox } = await bob.place(alice);
    await bob.device.store.transaction((changes) => changes.update("cursors", mailbox, (cursor) => (cursor.fresh = false)));
    await bob.say(alice, "with a commit");
    await bob.sees_status(alice, "with a commit", "stored");
    for (const one of others) await bob.do("revoke_devices", { devices: [one.session.profile()?.device ?? ""] });
    await alice.reload();
    await bob.say(alice, "when both are gone");
    await alice.hears(bob, "when both are gone");
    assert.equal(left_out, 1);
    assert.ok(!alice.alert_codes.includes("subscribers_differ"));
    assert.ok(!(await alice.notices(bob)).includes("subscribers_differ"));
    const { cursor } = await alice.place(bob);
    assert.ok(!cursor.misdelivers);
  });
});
