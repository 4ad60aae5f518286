// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { get_state } from "../../../static/js/session/archive/archive_state.js";
import { keep_vault, mark_vault } from "../../../static/js/session/vault/keep_vault.js";
import { put_setting } from "../../../static/js/session/settings.js";
import { add_device, archived, is_restored } from "../support/archives.js";
import { until } from "../support/browser.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

describe("what goes into an archive", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let carol;
  /** @type {Person[]} */
  const later = [];
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    carol = await Person.sign_up(server.origin, "carol");
    await carol.meet(alice);
    recovery_key = await alice.do("pending_recovery_key");
  });
  after(async () => {
    for (const one of [alice, bob, carol, ...later]) one?.close();
    await server?.stop();
  });

  const all_written = () =>
    until(async () => {
      const { waiting, state } = await alice.ask("archive");
      return waiting === 0 && state === "idle";
    }, "written");

  async function new_device() {
    const device = await add_device(alice, server.origin, recovery_key);
    later.push(device);
    await until(() => is_restored(device), "restored");
    return device;
  }

  /** @param {Person} to @param {string} text */
  async function says(to, text) {
    await alice.say(to, text);
    await to.hears(alice, text);
  }

  it("leaves a conversation out when its person says so", async () => {
    await alice.do("set_conversation_archive", { conversation: carol.account, on: false });
    assert.equal((await alice.ask("conversation", { id: carol.account })).archive, false);
    await says(carol, "not for the archive");
    await says(bob, "for the archive");
    await all_written();
    const device = await new_device();
    assert.ok((await device.texts(bob)).includes("for the archive"));
    assert.ok(!(await device.texts(carol)).includes("not for the archive"));
  });

  it("takes it in again with what was said meanwhile", async () => {
    await alice.do("set_conversation_archive", { conversation: carol.account, on: true });
    await until(async () => (await get_state(alice.device.store))?.backfill === null, "looked through");
    await all_written();
    const device = await new_device();
    assert.ok((await device.texts(carol)).includes("not for the archive"));
  });

  it("is nothing once it is off: the server has it no more, and nothing is written", async () => {
    assert.ok((await archived(alice)) > 0);
    await alice.do("set_archive", { on: false });
    assert.equal(await archived(alice), 0);
    await says(bob, "with the archive off");
    const { on, state, waiting } = await alice.ask("archive");
    assert.deepEqual([on, state, waiting], [false, "off", 0]);
    assert.equal(await archived(alice), 0);
  });

  it("is everything again once it is on, under another key in another place", async () => {
    const before_it = await alice.device.store.get("meta", "secrets");
    await alice.do("set_archive", { on: true });
    await until(async () => (await archived(alice)) > 0, "begun");
    await until(async () => (await get_state(alice.device.store))?.backfill === null, "looked through");
    await all_written();
    // A new device learns from the vault where it is.
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty, "the vault is written");
    const after_it = await alice.device.store.get("meta", "secrets");
    assert.notDeepEqual(after_it.archive.mailbox, before_it.archive.mailbox);
    assert.equal(after_it.archive.keys.length, before_it.archive.keys.length + 1);
    const device = await new_device();
    assert.deepEqual(await device.texts(bob), await alice.texts(bob));
    assert.deepEqual(device.alert_codes.filter((code) => code === "archive_incomplete"), []);
  });

  it("does not stay where another device has it still, or has made it again before it heard of that", async () => {
    const other = later[later.length - 1];
    assert.ok((await archived(other)) > 0);
    // As if the one that turned it off had erased it before.
    await alice.device.store.transaction(async (changes) => {
      await put_setting(changes, "archive", false, Date.now());
      const secrets = await changes.get("meta", "secrets");
      changes.put("meta", "secrets", { ...secrets, archive: { ...secrets.archive, mailbox: null } });
      await mark_vault(changes, alice.device);
    });
    await keep_vault(alice.device);
    await keep_vault(other.device, { look: true });
    await until(async () => (await archived(other)) === 0, "erased by the other one");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, carol, ...later].flatMap(({ browser }) => browser.faults), []);
  });
});
