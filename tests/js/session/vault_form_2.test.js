// @ts-check
// An account of a release before 0.4 goes on in the form of now, and two devices merge what they say of one thing.
import assert from "node:assert/strict";
import { after, before, describe, it, test } from "node:test";
import { keep_vault } from "../../../static/js/session/vault/keep_vault.js";
import { add_archive_key, merge_archive, merge_devices } from "../../../static/js/session/vault/merge_secrets.js";
import { Browser, until } from "../support/browser.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @param {number} value @param {number} [length] */
const filled = (value, length = 16) => new Uint8Array(length).fill(value);

test("of two statements about a device the later counts, and links only grow", () => {
  const entry = { device: filled(1), hpke: filled(2), name: "old", verified: false, links: 7, time: 1 };
  const later = { ...entry, name: "new", links: 3, time: 2 };
  const other = { ...entry, device: filled(9) };
  assert.deepEqual(merge_devices([entry], [later, other]), [{ ...later, links: 7 }, other]);
  assert.deepEqual(merge_devices([later], [entry]), [{ ...later, links: 7 }]);
});

test("no archive key is lost, and the mailbox is that of the newest", () => {
  const first = { mailbox: filled(1), keys: [{ generation: 1, key: filled(1, 32) }] };
  const rotated = add_archive_key(first, filled(2, 32));
  assert.deepEqual(merge_archive(first, rotated), rotated);
  assert.deepEqual(merge_archive(rotated, first), rotated);
  const anew = { ...add_archive_key(rotated, filled(3, 32)), mailbox: filled(7) };
  assert.deepEqual(merge_archive(rotated, anew).mailbox, filled(7));
  assert.deepEqual(merge_archive(anew, rotated).keys.map(({ generation }) => generation), [3, 2, 1]);
});

describe("an account", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person[]} */
  const others = [];
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    recovery_key = await alice.do("pending_recovery_key");
    await settled(alice);
  });
  after(async () => {
    for (const one of [alice, bob, ...others]) one?.close();
    await server?.stop();
  });

  /** @param {Person} person */
  const settled = (person) => until(async () => !(await person.device.store.get("meta", "vault")).dirty, "the vault is written");

  async function recover() {
    const browser = new Browser(server.origin);
    const person = new Person(browser, await browser.open_tab());
    others.push(person);
    await person.do("recover_account", { username: alice.name, recovery_key, device_name: "" });
    return person;
  }

  /** As a release before 0.4 had stored it. @param {Person} person */
  async function put_back(person) {
    const { identity_seed, vault_key, archive } = await person.device.store.get("meta", "secrets");
    await person.device.store.transaction((changes) => {
      changes.put("meta", "secrets", { identity_seed, vault_key, archive_key: archive.keys[0].key, wraps: [] });
      for (const id of ["devices", "settings_times"]) changes.delete("meta", id);
    });
  }

  it("of the old form is of the new one after the next start, with what can be wrapped to", async () => {
    await put_back(alice);
    await alice.reload();
    const secrets = await alice.device.store.get("meta", "secrets");
    assert.equal(secrets.v, 2);
    assert.equal(secrets.recovery.length, 1);
    assert.equal(secrets.archive.mailbox.length, 16);
    assert.equal((await alice.device.store.get("meta", "devices")).length, 1);
    await settled(alice);
    const second = await recover();
    assert.equal((await second.ask("contacts")).length, 1);
  });

  it("whose recovery key was forgotten revokes all the same, and gets the new vault key when that key is shown", async () => {
    const lost = await recover();
    await settled(lost);
    await alice.do("check_recovery_key", { recovery_key });
    await put_back(alice);
    await alice.device.store.transaction((changes) => changes.put("meta", "vault", { version: 0, dirty: false }));
    const stored = await alice.device.api.get_vault();
    await alice.reload();
    await alice.device.store.transaction(async (changes) => {
      const secrets = await changes.get("meta", "secrets");
      changes.put("meta", "secrets", { ...secrets, recovery: [] });
      changes.put("meta", "vault", { version: stored.version + 50, dirty: true });
    });
    assert.equal((await alice.ask("recovery")).renewal_needed, true);
    const { vault_key } = await alice.device.store.get("meta", "secrets");
    await alice.do("revoke_devices", { devices: [lost.session.profile()?.device] });
    await until(() => lost.alert_codes.includes("device_revoked"));
    assert.deepEqual((await alice.device.store.get("meta", "secrets")).vault_key, vault_key, "the recovery key opens it still");
    assert.equal((await alice.ask("recovery")).renewal_needed, true);
    assert.deepEqual(await alice.do("check_recovery_key", { recovery_key }), { right: true });
    assert.equal((await alice.ask("recovery")).renewal_needed, false);
    assert.notDeepEqual((await alice.device.store.get("meta", "secrets")).vault_key, vault_key);
    assert.equal((await alice.device.store.get("meta", "settings")).rotation_owed, false);
    await settled(alice);
  });

  it("has one setting on all devices: the one that was chosen last", async () => {
    const [second] = others;
    await second.do("set_setting", { name: "receipts", value: false });
    await keep_vault(second.device, { look: true });
    await keep_vault(alice.device, { look: true });
    assert.equal((await alice.ask("settings")).receipts, false);
    await alice.do("set_setting", { name: "receipts", value: true });
    await keep_vault(alice.device, { look: true });
    await keep_vault(second.device, { look: true });
    assert.equal((await second.ask("settings")).receipts, true);
  });

  it("declines a request on every device", async () => {
    const [second] = others;
    await second.do("decline_request", { conversation: bob.account });
    await keep_vault(second.device, { look: true });
    await keep_vault(alice.device, { look: true });
    assert.equal((await alice.ask("conversation", { id: bob.account })).state, "declined");
    await alice.do("accept_request", { conversation: bob.account });
    await keep_vault(alice.device, { look: true });
    await keep_vault(second.device, { look: true });
    assert.equal((await second.ask("conversation", { id: bob.account })).state, "active");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, ...others].flatMap(({ browser }) => browser.faults), []);
  });
});
