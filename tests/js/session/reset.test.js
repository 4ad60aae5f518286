// @ts-check
// An account that starts over: older devices end, contacts see it and send nothing until they decide (docs/devices.md 7).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { Browser, until } from "../support/browser.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

describe("an account that starts over, whose answer is lost", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const people = [];

  before(async () => {
    server = await start_server();
  });
  after(async () => {
    for (const one of people) one.close();
    await server?.stop();
  });

  it("goes on with the keys that it made, although those of before count no more", async () => {
    const [alice, bob] = await two_people(server.origin);
    const recovery_key = await alice.do("pending_recovery_key");
    let lost = 0;
    const browser = new Browser(server.origin, {
      fetch: async (input, init) => {
        const answer = await fetch(input, init);
        if (!String(input).endsWith("/events") || lost > 0) return answer;
        lost += 1;
        throw new TypeError("the connection was lost");
      },
    });
    const anew = new Person(browser, await browser.open_tab());
    people.push(alice, bob, anew);
    const wish = { username: alice.name, recovery_key, device_name: "" };
    await assert.rejects(anew.do("reset_account", wish));
    assert.equal(lost, 1);
    // Nobody else's name is taken for this one's.
    const other = anew.do("reset_account", { ...wish, username: bob.name });
    await assert.rejects(other, (error) => is_talk2me_error(error, "recovery_refused"));
    const profile = await anew.do("reset_account", wish);
    assert.equal(profile.account, alice.account);
    assert.equal((await anew.do("devices")).filter((/** @type {any} */ { active }) => active).length, 1);
    await until(async () => !(await anew.device.store.get("meta", "vault")).dirty, "its first vault is there");
  });
});

describe("an account that starts over with its recovery key", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let anew;
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    recovery_key = await alice.do("pending_recovery_key");
    await bob.do("verify_contact", { account: alice.account, method: "digits" });
  });
  after(async () => {
    for (const one of [alice, bob, anew]) one?.close();
    await server?.stop();
  });

  it("needs that key, or the operator's code", async () => {
    const browser = new Browser(server.origin);
    anew = new Person(browser, await browser.open_tab());
    const without = anew.do("reset_account", { username: alice.name, code: "nothing", device_name: "" });
    await assert.rejects(without, (error) => is_talk2me_error(error, "reset_refused"));
    const other = await bob.do("pending_recovery_key");
    const wrong = anew.do("reset_account", { username: alice.name, recovery_key: other, device_name: "" });
    await assert.rejects(wrong, (error) => is_talk2me_error(error, "recovery_refused"));
    assert.equal(anew.session.profile(), null);
  });

  it("keeps name and account, has one device and another recovery key; the older device ends", async () => {
    const profile = await anew.do("reset_account", { username: alice.name, recovery_key, device_name: "Begun again" });
    assert.equal(profile.account, alice.account);
    assert.notEqual(await anew.do("pending_recovery_key"), recovery_key);
    await until(() => alice.alert_codes.includes("device_revoked"));
    const devices = await anew.do("devices");
    assert.deepEqual(devices.map((/** @type {any} */ { active, name }) => [active, name]), [[false, ""], [true, "Begun again"]]);
    await until(async () => !(await anew.device.store.get("meta", "vault")).dirty, "its first vault is there");
  });

  it("is shown to a contact as that, with who vouches for it; nothing is sent, and no verification is left", async () => {
    await bob.do("find_account", { username: alice.name });
    const seen = await bob.ask("conversation", { id: alice.account });
    assert.equal(seen.stopped, "identity_changed");
    assert.equal(seen.peer.verified, false);
    const notice = (await bob.messages(alice)).find(({ code }) => code === "identity_reset");
    assert.equal(notice.by, "recovery");
    assert.ok(!(await bob.notices(alice)).includes("identity_changed"));
  });

  it("talks with the contact again, once that one has decided; what was written before that is there", async () => {
    await anew.do("start_conversation", { account: bob.account });
    await anew.say(bob, "I began again");
    await until(async () => (await bob.device.store.get("meta", "held_welcomes"))?.length === 1, "it waits");
    assert.ok(!(await bob.texts(alice)).includes("I began again"));
    await bob.do("accept_identity", { account: alice.account });
    await bob.hears(anew, "I began again");
    assert.deepEqual(await bob.device.store.get("meta", "held_welcomes"), []);
    await bob.meet(anew).catch(() => undefined);
    await bob.say(anew, "is it you?");
    await anew.hears(bob, "is it you?");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, anew].flatMap(({ browser }) => browser.faults), []);
  });
});
