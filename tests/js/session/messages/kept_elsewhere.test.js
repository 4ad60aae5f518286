// @ts-check
// What was done to messages comes along wherever they are kept: in an archive that begins later, in an account file.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { get_state } from "../../../../static/js/session/archive/archive_state.js";
import { add_device, is_restored } from "../../support/archives.js";
import { Browser, until } from "../../support/browser.js";
import { Person, two_people } from "../../support/people.js";
import { alike, said } from "../../support/said.js";
import { start_server } from "../../support/server.js";

describe("messages that are kept elsewhere", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person[]} */
  const later = [];
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    recovery_key = await alice.do("pending_recovery_key");
    await alice.do("set_conversation_archive", { conversation: bob.account, on: false });
    const conversation = bob.account;
    const { id } = await alice.do("send_text", { conversation, text: "one" });
    for (const text of ["two", "three"]) await alice.do("edit_message", { conversation, id, text });
    await alice.do("pin_message", { conversation, id, pinned: true });
    await bob.hears(alice, "three");
    await bob.do("react", { conversation: alice.account, id, emoji: "👍" });
    const { id: gone } = await bob.do("send_text", { conversation: alice.account, text: "gone", reply: id });
    await alice.hears(bob, "gone");
    await bob.do("delete_message", { conversation: alice.account, id: gone, for: "all" });
    await until(async () => !(await alice.texts(bob)).includes("gone"));
    await bob.do("set_timer", { conversation: alice.account, seconds: 3_600 });
    await bob.say(alice, "for an hour");
    await alice.hears(bob, "for an hour");
    await alice.do("mark_read", { conversation, order: (await said(alice, bob, "for an hour")).order });
  });
  after(async () => {
    for (const one of [alice, bob, ...later]) one?.close();
    await server?.stop();
  });

  it("are read with their changes out of an archive that has them since later", async () => {
    await alice.do("set_conversation_archive", { conversation: bob.account, on: true });
    await until(async () => (await get_state(alice.device.store))?.backfill === null, "looked through");
    await until(async () => (await alice.ask("archive")).waiting === 0, "written");
    const device = await add_device(alice, server.origin, recovery_key);
    later.push(device);
    await until(() => is_restored(device), "restored");
    await until(async () => (await device.ask("conversation", { id: bob.account }))?.peer.username === bob.name, "who it is");
    const lasting = (/** @type {any[]} */ messages) => alike(messages).filter(({ text }) => text && text !== "for an hour");
    assert.deepEqual(lasting(await device.messages(bob)), lasting(await alice.messages(bob)));
    const { id } = await said(device, bob, "three");
    const edits = async (/** @type {Person} */ one) => (await one.ask("message_details", { conversation: bob.account, id })).edits;
    assert.deepEqual(await edits(device), await edits(alice));
    assert.equal((await device.ask("pinned", { conversation: bob.account })).length, 1);
    assert.ok(!(await device.texts(bob)).includes("for an hour"));
  });

  it("are read with their changes out of an account file, and go from there when they are due", async () => {
    const { file } = await alice.do("export_account");
    alice.close();
    const browser = new Browser(server.origin, { now: () => Date.now() + 3_600_000 });
    const device = new Person(browser, await browser.open_tab());
    later.push(device);
    await device.do("import_account", { file, recovery_key, device_name: "imported" });
    await until(async () => !(await device.texts(bob)).includes("for an hour"), "gone");
    assert.equal((await device.ask("pinned", { conversation: bob.account }))[0].text, "three");
    assert.equal((await device.ask("conversation", { id: bob.account })).timer, 3_600);
    const [{ count, people }] = (await said(device, bob, "three")).reactions;
    assert.deepEqual([count, people], [1, [bob.name]]);
    assert.ok((await device.messages(bob)).some(({ deleted }) => deleted === "all"));
  });

  it("make no fault of our own", () => {
    assert.deepEqual([alice, bob, ...later].flatMap(({ browser }) => browser.faults), []);
  });
});
