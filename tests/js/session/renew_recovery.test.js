// @ts-check
// Recovery keys that are checked, renewed, announced and objected to (docs/devices.md 2).
import assert from "node:assert/strict";
import { after, before, describe, it, test } from "node:test";
import { is_talk2me_error, Talk2meError } from "../../../static/js/errors.js";
import { keep_vault } from "../../../static/js/session/vault/keep_vault.js";
import { watch_account } from "../../../static/js/session/devices/watch_account.js";
import { is_reminder_due } from "../../../static/js/session/recovery/recovery_reminder.js";
import { Browser, until } from "../support/browser.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";

const DAY = 86_400_000;
const now = 1_000 * DAY;

test("a person is asked after 1, 3, 7, 14 and then every 30 days until the recovery key is confirmed, later ever less", () => {
  /** @param {boolean} confirmed @param {number} days @param {number} [put_off] days after it was made */
  const due = (confirmed, days, put_off) =>
    is_reminder_due({ confirmed, since: now - days * DAY, put_off: put_off === undefined ? 0 : now - (days - put_off) * DAY, now });
  assert.deepEqual([0.5, 1, 2].map((days) => due(false, days)), [false, true, true]);
  assert.deepEqual([2, 3, 6, 7, 13, 14, 43, 44, 73, 74].map((days) => due(false, days, days - 1)), [
    ...[false, true, false, true, false, true, false, true, false, true],
  ]);
  assert.deepEqual([29, 30, 89, 90, 269, 270].map((days) => due(true, days, days - 1)), [false, true, false, true, false, true]);
});

describe("a recovery key of an account", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let second;
  let first_key = "";
  let second_key = "";
  /** @type {Person[]} */
  const everyone = [];

  before(async () => {
    server = await start_server();
    alice = await Person.sign_up(server.origin, "alice");
    first_key = await alice.do("pending_recovery_key");
    everyone.push(alice);
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty);
  });
  after(async () => {
    for (const one of everyone) one.close();
    await server?.stop();
  });

  /** @param {string} recovery_key */
  async function recover(recovery_key) {
    const browser = new Browser(server.origin);
    const person = new Person(browser, await browser.open_tab());
    everyone.push(person);
    await person.do("recover_account", { username: "alice", recovery_key, device_name: "" });
    return person;
  }

  it("is right or wrong when it is checked, and confirmed by that", async () => {
    const other = await Person.sign_up(server.origin, "mallory");
    everyone.push(other);
    const wrong = await other.do("pending_recovery_key");
    assert.deepEqual(await alice.do("check_recovery_key", { recovery_key: wrong }), { right: false });
    assert.equal((await alice.ask("recovery")).confirmed, false);
    assert.deepEqual(await alice.do("check_recovery_key", { recovery_key: first_key }), { right: true });
    assert.deepEqual(await alice.ask("recovery"), {
      ...{ confirmed: true, reminder_due: false, announced: null, renewal_needed: false, reset_from: null },
    });
    assert.equal(await alice.do("pending_recovery_key"), null);
    const renewal = alice.do("new_recovery_key", { recovery_key: wrong });
    await assert.rejects(renewal, (error) => is_talk2me_error(error, "recovery_key_wrong"));
    await assert.rejects(alice.do("new_recovery_key", {}), (error) => is_talk2me_error(error, "recovery_key_needed"));
  });

  it("is renewed with the old one, which opens nothing from then on", async () => {
    assert.deepEqual(await alice.do("new_recovery_key", { recovery_key: first_key }), { status: "made" });
    second_key = await alice.do("pending_recovery_key");
    assert.notEqual(second_key, first_key);
    assert.equal((await alice.ask("recovery")).confirmed, false);
    await assert.rejects(recover(first_key), (error) => is_talk2me_error(error, "recovery_refused"));
    second = await recover(second_key);
    assert.equal(second.session.profile()?.account, alice.account);
  });

  it("is the one that counts where the answer was lost, however often it is tried", async () => {
    const third = await recover(second_key);
    const known = second_key;
    const real = third.device.api.append_event;
    third.device.api.append_event = async (account, signed, options) => {
      await real(account, signed, options);
      throw new Talk2meError("timed_out");
    };
    const lost = third.do("new_recovery_key", { recovery_key: known });
    await assert.rejects(lost, (error) => is_talk2me_error(error, "timed_out"));
    third.device.api.append_event = real;
    assert.deepEqual(await third.do("new_recovery_key", { recovery_key: known }), { status: "made" });
    second_key = await third.do("pending_recovery_key");
    await until(async () => !(await third.device.store.get("meta", "vault")).dirty);
    assert.equal((await recover(second_key)).session.profile()?.account, alice.account);
  });

  it("is what the vault is wrapped for by a device that has not heard of the change", async () => {
    const [changer, other] = [await recover(second_key), await recover(second_key)];
    await keep_vault(changer.device, { look: true });
    await keep_vault(other.device, { look: true });
    await changer.do("new_recovery_key", { recovery_key: second_key });
    second_key = await changer.do("pending_recovery_key");
    await until(async () => !(await changer.device.store.get("meta", "vault")).dirty);
    await other.do("postpone_recovery_reminder");
    await keep_vault(other.device, { look: true });
    assert.equal((await recover(second_key)).session.profile()?.account, alice.account);
  });

  it("that another device announces is told, and an objection ends it", async () => {
    const answer = await alice.do("new_recovery_key", { announce: true });
    assert.equal(answer.status, "announced");
    assert.ok(Math.abs(answer.from - Date.now() - 7 * DAY) < 60_000);
    assert.deepEqual((await alice.ask("recovery")).announced, { from: answer.from, own: true });
    second.device.told_of_chains.clear();
    await second.do("devices");
    await second.reload();
    await until(() => second.alert_codes.includes("recovery_announced"));
    assert.deepEqual((await second.ask("recovery")).announced, { from: answer.from, own: false });
    await second.do("object_recovery_key");
    assert.equal((await second.ask("recovery")).announced, null);
    await alice.do("devices");
    assert.equal((await alice.ask("recovery")).announced, null);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual(everyone.flatMap(({ browser }) => browser.faults), []);
  });
});

test("a recovery key that was announced counts a week later by the clocks of both, and the one before opens nothing", { timeout: 120_000 }, async () => {
  const server = await start_server();
  let later = 0;
  const options = { now: () => Date.now() + later };
  const alice = await Person.sign_up(server.origin, "alice", options);
  const browser = new Browser(server.origin, options);
  try {
    const lost_key = await alice.do("pending_recovery_key");
    await alice.do("check_recovery_key", { recovery_key: lost_key });
    assert.equal((await alice.do("new_recovery_key", { announce: true })).status, "announced");
    await watch_account(alice.device);
    assert.equal(await alice.do("pending_recovery_key"), null);
    // A device that says that a week has passed is not believed.
    later = 8 * DAY;
    await assert.rejects(watch_account(alice.device), (error) => is_talk2me_error(error, "event_invalid"));
    assert.equal(await alice.do("pending_recovery_key"), null);

    await server.restart({ DAYS_LATER: "8" });
    await alice.reload();
    const new_key = await until(() => alice.do("pending_recovery_key"));
    assert.notEqual(new_key, lost_key);
    assert.equal((await alice.ask("recovery")).announced, null);
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty);

    const person = new Person(browser, await browser.open_tab());
    const recover = (/** @type {string} */ recovery_key) => person.do("recover_account", { username: "alice", recovery_key, device_name: "" });
    await assert.rejects(recover(lost_key), (error) => is_talk2me_error(error, "recovery_refused"));
    await recover(new_key);
    assert.equal(person.account, alice.account);
  } finally {
    alice.close();
    browser.close();
    await server.stop();
  }
});
