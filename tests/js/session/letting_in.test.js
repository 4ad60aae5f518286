// @ts-check
// Signing up where it takes work, and where it takes an invitation.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { registration_code_in } from "../../../static/js/ui/helpers/routes.js";
import { Browser } from "../support/browser.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Server } from "../support/server.js" */

describe("a server that lets in who works or is invited", { timeout: 120_000 }, () => {
  /** @type {Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Browser[]} */
  const browsers = [];

  before(async () => {
    server = await start_server({ REGISTRATION_WORK: "20" });
  });
  after(async () => {
    for (const browser of browsers) browser.close();
    await server?.stop();
  });

  it("makes an account for a browser that has solved its challenge, and says that a name is taken before", async () => {
    alice = await Person.sign_up(server.origin, "alice");
    browsers.push(alice.browser);
    /** @type {string[]} */
    const asked = [];
    const newcomer = new Browser(server.origin, { fetch: (input, init) => (asked.push(input.split("/api/")[1]), fetch(input, init)) });
    browsers.push(newcomer);
    const session = await newcomer.open_tab();
    await assert.rejects(session.commands.sign_up({ username: "alice" }), { code: "username_taken" });
    assert.ok(!asked.includes("accounts/work"));
    assert.equal((await session.commands.sign_up({ username: "bob" })).username, "bob");
    assert.ok(asked.includes("accounts/work"));
  });

  it("lets in who was invited, who then has the way to talk as well", async () => {
    await server.restart({ REGISTRATION: "invite", REGISTRATION_INVITES: "1" });
    const { link } = await alice.do("make_invitation", { newcomer: true });
    await assert.rejects(alice.do("make_invitation", { newcomer: true }), { code: "invites_used_up" });
    const carols = new Browser(server.origin);
    browsers.push(carols);
    const carol = await carols.open_tab();
    await assert.rejects(carol.commands.sign_up({ username: "carol" }), { code: "invite_required" });
    await carol.commands.sign_up({ username: "carol", invite: registration_code_in(link) });
    const { account, known } = await carol.commands.read_invitation({ fragment: new URL(link).hash });
    assert.deepEqual([account, known], [alice.account, false]);
    await assert.rejects(carol.commands.make_invitation({ newcomer: true }).then(() => carol.commands.make_invitation({ newcomer: true })), {
      code: "invites_used_up",
    });
    assert.deepEqual((await alice.do("known_of_account")).invited[0].accounts, ["carol"]);
    assert.equal((await carol.commands.known_of_account()).registration.by, "alice");
  });
});
