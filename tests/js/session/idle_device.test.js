// @ts-check
// A device that was away for so long that a full mailbox waited for it no longer (docs/decisions/quotas.md).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Person } from "../support/people.js" */
/** @import { Server } from "../support/server.js" */

/** As if the mailbox were full, and an hour had passed. @param {string} mailbox base64url */
const make_room = (mailbox) => `
from django.conf import settings
from messaging.services import make_room
settings.MAILBOX_QUOTA_BYTES = 512
make_room.IDLE_SECONDS = -120
assert make_room.make_room(bytes.fromhex("${Buffer.from(from_base64url(mailbox)).toString("hex")}"))
`;

describe("a device that idled in a full conversation", { timeout: 120_000 }, () => {
  /** @type {Server} */
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

  it("is waited for no longer, finds a gap, and joins again by itself", async () => {
    bob.session.close();
    for (const text of ["lost", "lost too"]) {
      await alice.say(bob, text);
      await alice.sees_status(bob, text, "stored");
    }
    const { mailbox } = await alice.place(bob);
    // Her own acknowledgement is written a moment later.
    await until(() => server.manage("shell", "-c", make_room(mailbox)).then(() => true, () => false), "room is made");
    await server.manage("expire_envelopes", "--once");
    await alice.say(bob, "after the gap");
    await alice.sees_status(bob, "after the gap", "stored");
    bob.session = await bob.browser.open_tab();
    await until(async () => (await bob.notices(alice)).includes("gap"), "bob is told of the gap");
    await until(() => bob.has_joined(alice), "bob has joined again");
    await bob.say(alice, "I am back");
    await alice.hears(bob, "I am back");
    await alice.say(bob, "so I see");
    await bob.hears(alice, "so I see");
    assert.ok(!(await bob.texts(alice)).includes("lost"));
    assert.ok(!(await bob.notices(alice)).includes("history_differs"));
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
