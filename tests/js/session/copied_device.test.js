// @ts-check
// One of several devices of an account is copied, or put back to an older state (ATTACKS 18): it is told, and the others go on.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { get_state } from "../../../static/js/session/archive/archive_state.js";
import { add_device, is_restored } from "../support/archives.js";
import { until } from "../support/browser.js";
import { copy_profile } from "../support/copy_profile.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

const LINKED = 700_000;

describe("a device of an account that has others", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let second;
  let recovery_key = "";
  let ahead = 0;
  const now = () => Date.now() + ahead;
  /** @type {Person[]} */
  const copies = [];

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin, [{ now }, { now }]);
    recovery_key = await alice.do("pending_recovery_key");
    second = await add_device(alice, server.origin, recovery_key, { now });
    await ready(second);
  });
  afterEach(() => {
    for (const copy of copies.splice(0)) {
      copy.close();
      assert.deepEqual(copy.browser.faults, []);
    }
    alice.browser.alerts.length = 0;
  });
  after(async () => {
    for (const one of [alice, bob, second]) one?.close();
    await server?.stop();
  });

  /** @param {Person} person */
  async function ready(person) {
    await until(() => is_restored(person), "restored");
    await until(() => person.has_joined(bob), "joined");
  }

  /** Another second device, of which there is no copy yet. */
  async function renew_second() {
    const before_it = second.session.profile()?.device;
    second.close();
    second = await add_device(alice, server.origin, recovery_key, { now });
    await ready(second);
    await alice.do("revoke_devices", { devices: [before_it] });
    alice.browser.alerts.length = 0;
  }

  /** @param {Person} person */
  async function copy_of(person) {
    const browser = await copy_profile(person.browser);
    return async () => {
      const copy = new Person(browser, await browser.open_tab());
      copies.push(copy);
      return copy;
    };
  }

  /** The other device has heard of no copy, and talks on. @param {string} text */
  async function alice_goes_on(text) {
    await alice.say(bob, text);
    await bob.hears(alice, text);
    await bob.say(alice, `${text}, says Bob`);
    await alice.hears(bob, `${text}, says Bob`);
    for (const code of ["clone_found", "state_rolled_back", "archive_incomplete"]) assert.ok(!alice.alert_codes.includes(code), code);
    assert.equal((await alice.do("devices")).filter((/** @type {any} */ { active }) => active).length, 2);
  }

  it("is told of a copy that connects, and the other device is not bothered", async () => {
    const open_copy = await copy_of(second);
    await open_copy();
    await until(() => second.alert_codes.includes("clone_found"), "told");
    await alice_goes_on("while a copy is at work");
  });

  it("that was put back joins anew before it sends, and has in the end what the other has", async () => {
    await renew_second();
    const open_copy = await copy_of(second);
    await second.say(bob, "since the copy");
    await bob.hears(second, "since the copy");
    await bob.say(alice, "to both of them");
    await second.hears(bob, "to both of them");
    second.close();
    await alice.say(bob, "while it was away");
    const old = await open_copy();
    // By what the server had as acknowledged, or else by what this device itself had sent since: it comes first.
    await until(() => ["state_rolled_back", "clone_found"].some((code) => old.alert_codes.includes(code)), "told of it");
    await old.say(bob, "from the state of before");
    await bob.hears(old, "from the state of before");
    for (const text of ["since the copy", "to both of them", "while it was away"]) await old.hears(bob, text);
    const texts = await old.texts(bob);
    assert.equal(new Set(texts).size, texts.length, "nothing is there twice");
    assert.ok(!(await bob.notices(alice)).includes("undecryptable"));
    await alice_goes_on("beside one that was put back");
  });

  it("of which a copy has used the numbers of its links is told, and what both have written is listed", async () => {
    await renew_second();
    const open_copy = await copy_of(second);
    await link_something(second, "by the device");
    const { number } = /** @type {any} */ (await get_state(second.device.store)).links;
    second.close();
    const copy = await open_copy();
    assert.ok(/** @type {any} */ (await get_state(copy.device.store)).links.number < number);
    await link_something(copy, "by the copy");
    assert.ok(copy.alert_codes.includes("clone_found") || copy.alert_codes.includes("state_rolled_back"));
    await alice_goes_on("beside two that count alike");
    const reader = await add_device(alice, server.origin, recovery_key, { now });
    copies.push(reader);
    await until(() => is_restored(reader));
    const texts = await reader.texts(bob);
    for (const text of ["by the device", "by the copy"]) assert.ok(texts.includes(text), text);
    assert.equal(reader.browser.alerts.filter(({ code }) => code === "archive_incomplete").length, 0);
  });

  /** @param {Person} person @param {string} text */
  async function link_something(person, text) {
    const before_it = /** @type {any} */ (await get_state(person.device.store)).links.number;
    await person.say(bob, text);
    await bob.hears(person, text);
    await until(async () => (await person.ask("archive")).waiting === 0, "written");
    ahead += LINKED;
    person.device.tasks.archive(0);
    await until(async () => /** @type {any} */ (await get_state(person.device.store)).links.number > before_it, "linked");
  }

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, second].flatMap(({ browser }) => browser.faults), []);
  });
});
