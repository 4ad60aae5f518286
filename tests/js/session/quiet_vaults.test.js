// @ts-check
// Devices that take in each other's vaults have nothing more to say once they know the same (docs/devices.md 5).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { keep_vault } from "../../../static/js/session/vault/keep_vault.js";
import { Browser, until } from "../support/browser.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";

const MANY_ANSWERS = 6_000;

describe("the vault of several devices", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const devices = [];

  before(async () => {
    server = await start_server();
    const alice = await Person.sign_up(server.origin, "alice");
    devices.push(alice);
    const recovery_key = await alice.do("pending_recovery_key");
    await until(async () => !(await state_of(alice)).dirty);
    for (const device_name of ["second", "third"]) {
      const browser = new Browser(server.origin);
      const person = new Person(browser, await browser.open_tab());
      devices.push(person);
      await person.do("recover_account", { username: "alice", recovery_key, device_name });
    }
  });
  after(async () => {
    for (const one of devices) one.close();
    await server?.stop();
  });

  /** @param {Person} person */
  const state_of = (person) => person.device.store.get("meta", "vault");
  const all_agree = () =>
    until(async () => {
      const states = await Promise.all(devices.map(state_of));
      return states.every(({ version, dirty }) => !dirty && version === states[0].version) ? states[0].version : null;
    }, "all have the same vault");

  it("is not written again by who takes it in", async () => {
    const version = await all_agree();
    await new Promise((resolve) => void setTimeout(resolve, MANY_ANSWERS));
    assert.ok((await all_agree()) <= version + 1);
  });

  it("is written again by who knows more than it says", async () => {
    const [first, second] = devices;
    await first.device.store.transaction(async (changes) => {
      const settings = await changes.get("meta", "settings");
      changes.put("meta", "settings", { ...settings, receipts: false });
      changes.put("meta", "settings_times", { ...(await changes.get("meta", "settings_times")), receipts: Date.now() });
    });
    await second.do("set_setting", { name: "open_to_strangers", value: false });
    await keep_vault(second.device);
    await keep_vault(first.device, { look: true });
    await keep_vault(second.device, { look: true });
    assert.equal((await second.ask("settings")).receipts, false);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual(devices.flatMap(({ browser }) => browser.faults), []);
  });
});
