// @ts-check
// Somebody in a group has other keys, or none any more.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser, until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, faults_of, group_of, is_told, make_group, members_of, other_browser_of, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { Person } from "../../support/people.js";
import { start_server } from "../../support/server.js";

describe("somebody in a group", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let cem;
  /** @type {Person} */
  let bens_other;
  /** @type {Person} */
  let anew;
  let id = "";
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    [ana, ben, cem] = await people_who_know_each_other(server.origin, ["ana", "ben", "cem"]);
    recovery_key = await ben.do("pending_recovery_key");
    id = await make_group(ana, [ben, cem]);
    await until(async () => !(await ben.device.store.get("meta", "vault")).dirty, "ben's vault has the group");
  });
  after(async () => {
    close_all([ana, ben, cem, bens_other, anew].filter(Boolean));
    await server?.stop();
  });

  it("who removes a device of their own has it taken out by whoever is there, a member like any other", async () => {
    bens_other = await other_browser_of(ben);
    await until(async () => (await bens_other.device.store.get("cursors", id))?.behind === false, "the other browser is in the group");
    await say_in(bens_other, id, "two of me");
    await all_hear([ana, cem, ben], id, "two of me");
    await ben.do("revoke_devices", { devices: [bens_other.device.own.device] });
    await until(async () => {
      const { members } = await group_of(cem, id);
      return members.find((/** @type {any} */ { account }) => account === ben.account)?.devices === 1;
    }, "one device is left");
    await say_in(cem, id, "one of you");
    await all_hear([ana, ben], id, "one of you");
    assert.ok(!(await texts_in(bens_other, id)).includes("one of you"));
  });

  it("who starts over is out; who had compared keys sends nothing until they have looked, the others go on", async () => {
    await ana.do("verify_contact", { account: ben.account, method: "digits" });
    const browser = new Browser(server.origin);
    anew = new Person(browser, await browser.open_tab());
    await anew.do("reset_account", { username: ben.name, recovery_key, device_name: "" });
    for (const person of [ana, cem]) await person.do("check_key_log");
    await is_told(ana, id, `identity_reset ${ben.name}`);
    await is_told(cem, id, `identity_reset ${ben.name}`);
    const { state, stopped, peer } = await entry_of(ana, id);
    assert.deepEqual([state, stopped, peer.identity_changed], ["stopped", "identity_changed", true]);
    assert.ok(ana.browser.alerts.some(({ code, account, was_verified }) => code === "identity_changed" && account === ben.account && was_verified));
    await assert.rejects(say_in(ana, id, "hello?"), { code: "conversation_stopped" });
    assert.equal((await entry_of(cem, id)).state, "active");
    await say_in(cem, id, "ben is somebody else now");
    await all_hear([ana], id, "ben is somebody else now");
    await until(async () => !(await members_of(ana, id)).includes(ben.name), "the old ben is out");
  });

  it("goes on for who takes the new key, and lets them in again", async () => {
    await ana.do("accept_identity", { account: ben.account });
    assert.equal((await entry_of(ana, id)).state, "active");
    await say_in(ana, id, "I have seen it");
    await all_hear([cem], id, "I have seen it");
    await ana.do("add_to_group", { conversation: id, accounts: [ben.account] });
    await until(async () => (await entry_of(anew, id)) !== null, "the new ben is asked");
    await anew.do("accept_request", { conversation: id });
    await say_in(anew, id, "it is me");
    await all_hear([ana], id, "it is me");
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of([ana, cem, anew]), []);
  });
});
