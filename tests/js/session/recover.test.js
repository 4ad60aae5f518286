// @ts-check
// A recovery key alone brings an account into a fresh browser (docs/devices.md 2); lost devices are revoked (5).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { describe as describe_group } from "../../../static/js/protocol/mls.js";
import { Browser, until } from "../support/browser.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

describe("a recovery key", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let found;
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    recovery_key = await alice.do("pending_recovery_key");
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty);
  });
  after(async () => {
    for (const one of [alice, bob, found]) one?.close();
    await server?.stop();
  });

  async function fresh() {
    const browser = new Browser(server.origin);
    return new Person(browser, await browser.open_tab());
  }

  it("that is another's, a name that nobody has and one that nobody can have are refused alike; nothing is stored", async () => {
    const person = await fresh();
    const other = await bob.do("pending_recovery_key");
    for (const [username, key] of [[alice.name, other], ["nobodyatall", recovery_key], ["no such name!", recovery_key]]) {
      const tried = person.do("recover_account", { username, recovery_key: key, device_name: "" });
      await assert.rejects(tried, (error) => is_talk2me_error(error, "recovery_refused"));
    }
    const mistyped = person.do("recover_account", { username: alice.name, recovery_key: recovery_key.slice(1), device_name: "" });
    await assert.rejects(mistyped, (error) => is_talk2me_error(error, "recovery_key_invalid"));
    assert.equal(person.session.profile(), null);
    person.close();
  });

  it("makes a device with contacts and conversations, which hears everyone", async () => {
    found = await fresh();
    const profile = await found.do("recover_account", { username: alice.name, recovery_key, device_name: "A new laptop" });
    assert.equal(profile.account, alice.account);
    assert.equal(profile.recovered, true);
    assert.equal(profile.recovery_confirmed, true);
    assert.equal((await found.ask("contacts")).length, 1);
    await until(() => found.has_joined(bob), "joined by itself");
    assert.equal((await found.group_with(bob)).members.length, 3);
    await bob.say(alice, "are you back?");
    await found.hears(bob, "are you back?");
    const devices = await found.do("devices");
    assert.deepEqual(devices.map((/** @type {any} */ { own, active, idle }) => [own, active, idle]), [[false, true, false], [true, true, false]]);
    assert.match(devices[0].created, /^\d{4}-\d{2}-\d{2}$/);
  });

  it("lets its owner say which devices are lost: they are put out of the account and of every conversation", async () => {
    const { vault_key } = await found.device.store.get("meta", "secrets");
    const lost = alice.session.profile()?.device ?? "";
    await found.do("finish_recovery", { lost: [lost] });
    // The answer may have been lost, or the connection half way.
    await found.do("finish_recovery", { lost: [lost] });
    assert.equal(found.session.profile()?.recovered, undefined);
    await until(() => alice.alert_codes.includes("device_revoked"));
    await until(async () => {
      const { mailbox } = await found.place(bob);
      return describe_group(await found.device.groups.get(mailbox)).members.length === 2;
    }, "its leaf is gone, although nobody has said anything");
    const now = await found.device.store.get("meta", "secrets");
    assert.notDeepEqual(now.vault_key, vault_key);
    assert.equal(now.archive.keys.length, 2);
    await bob.say(alice, "only for you");
    await found.hears(bob, "only for you");
    assert.ok(!(await alice.texts(bob)).includes("only for you"));
  });

  it("opens what was written since, too", async () => {
    const third = await fresh();
    await third.do("recover_account", { username: found.name, recovery_key, device_name: "" });
    assert.equal((await third.do("devices")).filter((/** @type {any} */ { active }) => active).length, 2);
    assert.equal((await third.do("devices")).find((/** @type {any} */ { active, own }) => active && !own).name, "A new laptop");
    assert.deepEqual(third.browser.faults, []);
    third.close();
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([bob, found].flatMap(({ browser }) => browser.faults), []);
  });
});
