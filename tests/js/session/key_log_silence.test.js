// @ts-check
// A key log that answers in part, late or not at all: nothing is missed by that, and silence has an end.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { account_index } from "../../../static/js/protocol/key_log_leaf.js";
import { get_held } from "../../../static/js/session/key_log/held_log.js";
import { note_told } from "../../../static/js/session/key_log/compare_told.js";
import { refresh_contact } from "../../../static/js/session/refresh_contact.js";
import { until } from "../support/browser.js";
import { ForkedServer } from "../support/forked_server.js";
import { LyingLog } from "../support/lying_log.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { HeldLog } from "../../../static/js/session/key_log/held_log.js" */

const HOUR = 3_600_000;
const A_WHILE = 1_500;
const pause = () => new Promise((resolve) => void setTimeout(resolve, A_WHILE));

describe("a key log that does not answer", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const everyone = [];
  /** @type {ForkedServer} */
  let lies;
  /** @type {(url: URL) => Promise<Response> | null} what is answered to Alice in place of everything else */
  let answer = () => null;
  let later = 0;
  let names = 0;

  before(async () => {
    server = await start_server();
  });
  after(async () => {
    await server?.stop();
  });
  afterEach(() => {
    assert.deepEqual(everyone.flatMap(({ browser }) => browser.faults), []);
    for (const one of everyone.splice(0)) one.close();
    answer = () => null;
    later = 0;
  });

  /** @param {number} status @param {string} error */
  const refuse = (status, error) =>
    Promise.resolve(new Response(JSON.stringify({ error }), { status, headers: { "content-type": "application/json" } }));
  const reset = () => Promise.reject(new TypeError("connection reset"));

  async function two() {
    lies = new ForkedServer(server.origin);
    const options = {
      fetch: (/** @type {string} */ input, /** @type {RequestInit} */ init) => answer(new URL(input)) ?? lies.fetch(input, init),
      now: () => Date.now() + later,
    };
    const [alice, bob] = await two_people(server.origin, [options]);
    everyone.push(alice, bob);
    for (const one of [alice, bob]) await until(async () => (await held(one)).looked > 0, "looked at the log");
    return { alice, bob };
  }

  async function somebody() {
    names += 1;
    const made = await Person.sign_up(server.origin, `silence${names}`);
    everyone.push(made);
    return made;
  }

  /** @param {Person} one @returns {Promise<HeldLog>} */
  const held = async (one) => /** @type {HeldLog} */ ((await get_held(one.device.store)) ?? {});
  /** @param {Person} one */
  const state = async (one) => (await one.ask("key_log")).state;
  /** @param {Person} one @returns {Promise<unknown>} what came of it */
  const look = (one) => one.do("check_key_log").then(() => "looked", ({ code }) => code);
  /** @param {Person} one */
  const fork = async (one) => lies.fork((await held(one)).directory_key);
  /** @param {Person} one @param {string} code */
  const is_alarmed = async (one, code) => assert.equal((await held(one)).alarm?.code, code);

  it("hides no entry of the own account behind a contact's chain that it does not give", async () => {
    const { alice, bob } = await two();
    const log = await fork(alice);
    log.add_account({ account: from_base64url(bob.account), seq: 2, event: random_bytes(300) });
    log.add_account({ account: from_base64url(alice.account), seq: 2, event: random_bytes(300) });
    log.forget(account_index(from_base64url(alice.account), 2));
    log.add_heartbeat();
    lies.log = log;
    answer = (url) => (url.pathname.includes(bob.account) ? refuse(500, "internal") : null);
    await look(alice);
    await is_alarmed(alice, "log_own_account");
  });

  it("keeps what is written to a contact of whom there is news that it does not give, and says so in the end", async () => {
    const { alice, bob } = await two();
    const log = await fork(alice);
    log.add_account({ account: from_base64url(bob.account), seq: 2, event: random_bytes(300) });
    log.add_heartbeat();
    lies.log = log;
    answer = (url) => (url.pathname.includes(bob.account) ? refuse(500, "internal") : null);
    assert.equal(await look(alice), "internal");
    assert.equal(await state(alice), "ok");
    assert.equal((await alice.ask("conversation", { id: bob.account })).waits_for_log, true);
    await alice.say(bob, "perhaps not for his devices alone");
    await alice.sees_status(bob, "perhaps not for his devices alone", "waiting");
    later = 27 * HOUR;
    log.add_heartbeat({ time: Date.now() + later });
    await look(alice);
    assert.equal(await state(alice), "unreachable");
  });

  it("of an account that was deleted is nothing to worry about", async () => {
    const { alice, bob } = await two();
    const log = await fork(alice);
    log.add_account({ account: from_base64url(bob.account), seq: 2, event: random_bytes(300) });
    lies.log = log;
    answer = (url) => (url.pathname.includes(bob.account) ? refuse(404, "not_found") : null);
    assert.equal(await look(alice), "looked");
    assert.deepEqual((await held(alice)).pending, []);
    assert.equal(await state(alice), "ok");
  });

  it("that gives no leaves is as good as none after 26 hours", async () => {
    const { alice } = await two();
    const log = await fork(alice);
    log.add_heartbeat();
    lies.log = log;
    answer = (url) => (url.pathname.endsWith("/leaves") ? refuse(500, "internal") : null);
    assert.equal(await look(alice), "internal");
    assert.equal(await state(alice), "ok");
    later = 27 * HOUR;
    log.add_heartbeat({ time: Date.now() + later });
    await look(alice);
    assert.equal(await state(alice), "unreachable");
  });

  it("can't blind a look by a leaf that nobody can read", async () => {
    const { alice } = await two();
    const log = await fork(alice);
    const strange = random_bytes(106);
    strange[0] = 9;
    log.push(strange, log.map, undefined);
    log.add_account({ account: from_base64url(alice.account), seq: 2, event: random_bytes(300) });
    log.forget(account_index(from_base64url(alice.account), 2));
    log.add_heartbeat();
    lies.log = log;
    await look(alice);
    await is_alarmed(alice, "log_own_account");
  });

  it("that resets each comparison is as good as none after 26 hours", async () => {
    const { alice, bob } = await two();
    lies.log = await fork(alice);
    for (let count = 0; count < 4; count += 1) lies.log.add_heartbeat();
    await look(alice);
    answer = (url) => (url.pathname.endsWith("/consistency") ? reset() : null);
    await somebody();
    await look(bob);
    await bob.say(alice, "of the other log");
    await alice.hears(bob, "of the other log");
    await until(async () => (await held(alice)).unproven_since !== null, "a proof is owed");
    later = 27 * HOUR;
    lies.log.add_heartbeat({ time: Date.now() + later });
    await look(alice);
    assert.equal(await state(alice), "unreachable");
  });

  it("that answers for one contact's word hides no other's", async () => {
    const { alice, bob } = await two();
    const { device } = alice;
    await somebody();
    await look(alice);
    const { size } = await held(alice);
    const log = await LyingLog.begin({ origin: server.origin });
    const forked = await log.parts();
    const honest = await (await fork(alice)).parts(size - 1);
    answer = (url) => (url.searchParams.get("from") === String(size - 1) ? refuse(500, "internal") : null);
    await device.store.transaction(async (changes) => {
      await note_told(changes, device, { account: bob.account, by: "one" }, honest);
      await note_told(changes, device, { account: bob.account, by: "other" }, forked);
    });
    await until(async () => (await held(alice)).alarm !== null, "alarmed");
    await is_alarmed(alice, "log_split");
  });

  it("dated into the future is not alive by that", async () => {
    const { alice } = await two();
    lies.log = await fork(alice);
    lies.log.add_heartbeat({ time: Date.UTC(2100, 0, 1) });
    await look(alice);
    assert.equal(await state(alice), "frozen");
  });

  it("is looked at again in a moment while it stands still, and hourly once it goes on", async () => {
    const { alice } = await two();
    let again = 0;
    alice.device.tasks.look_again = () => void (again += 1);
    await look(alice);
    assert.equal(again, 0);
    later = 27 * HOUR;
    await look(alice);
    assert.deepEqual([again, await state(alice)], [1, "frozen"]);
    lies.log = await fork(alice);
    lies.log.add_heartbeat({ time: Date.now() + later });
    await look(alice);
    assert.deepEqual([again, await state(alice)], [1, "ok"]);
  });

  it("lets what waited go as soon as it is well again, whatever showed it", async () => {
    const { alice, bob } = await two();
    later = 30 * HOUR;
    await look(alice);
    await alice.say(bob, "waits for the log");
    await alice.sees_status(bob, "waits for the log", "waiting");
    lies.log = await fork(alice);
    lies.log.add_heartbeat({ time: Date.now() + later });
    await alice.do("find_account", { username: alice.name });
    await bob.hears(alice, "waits for the log");
  });

  it("finds a second beginning of the own chain that was slipped in before the first look", async () => {
    const { alice } = await two();
    lies = new ForkedServer(server.origin);
    const { directory_key } = await held(alice);
    const { fetch: honest } = lies;
    // From the moment at which the account exists, and before anybody could look, there are two leaves of its first event.
    lies.fetch = async (input, init) => {
      const response = await honest(input, init);
      if (!input.endsWith("/api/accounts") || !response.ok) return response;
      const told = await response.json();
      const log = await lies.fork(directory_key);
      log.add({ type: 1, index: account_index(from_base64url(told.account), 1), content: random_bytes(300) }, { in_map: false });
      log.add_heartbeat();
      lies.log = log;
      return new Response(JSON.stringify(told), { headers: { "content-type": "application/json" } });
    };
    names += 1;
    const carol = await Person.sign_up(server.origin, `silence${names}`, { fetch: (input, init) => lies.fetch(input, init) });
    everyone.push(carol);
    await until(async () => (await held(carol)).alarm !== null, "alarmed");
    await is_alarmed(carol, "log_own_account");
  });

  it("compares what each device of a contact says, though both come at once", async () => {
    const { alice, bob } = await two();
    const { size } = await held(alice);
    const { device } = alice;
    const told = (/** @type {number} */ at) => ({ size: at, root: random_bytes(32), signature: random_bytes(64) });
    device.tasks.compare_log = () => undefined;
    await device.store.transaction(async (changes) => {
      await note_told(changes, device, { account: bob.account, by: "one" }, told(size - 1));
      await note_told(changes, device, { account: bob.account, by: "other" }, told(size - 2));
    });
    assert.equal(Object.keys(await device.store.get("meta", "key_log_told")).length, 2);
  });

  it("is told once of a contact that names another log in every message, and never by somebody who was not accepted", async () => {
    const { alice, bob } = await two();
    const foreign = async (/** @type {Person} */ one) =>
      one.device.store.transaction((changes) =>
        changes.update("meta", "key_log", (log) => Object.assign(log, { size: log.size + 5, signature: random_bytes(64) })),
      );
    for (const text of ["one", "two", "three"]) {
      await foreign(bob);
      await bob.say(alice, text);
      await alice.hears(bob, text);
      await pause();
    }
    assert.equal(alice.alert_codes.filter((code) => code === "log_foreign").length, 1);
    const stranger = await somebody();
    await stranger.do("start_conversation", { account: alice.account });
    await until(async () => (await held(stranger)).looked > 0, "looked");
    await foreign(stranger);
    await stranger.say(alice, "let me in");
    await alice.hears(stranger, "let me in");
    await pause();
    assert.equal(alice.alert_codes.filter((code) => code === "log_foreign").length, 1);
  });

  it("and hides what a contact's own message says of its account is told", async () => {
    const { alice, bob } = await two();
    await bob.device.store.transaction((changes) =>
      changes.update("contacts", bob.account, ({ chain }) => Object.assign(chain, { seq: 2, hash: random_bytes(32) })),
    );
    for (const text of ["from a later chain", "and again"]) {
      await bob.say(alice, text);
      await alice.hears(bob, text);
      await pause();
    }
    assert.equal(alice.alert_codes.filter((code) => code === "chain_hidden").length, 1);
  });

  it("says once a page that a chain is refused, however often it is asked for", async () => {
    const { alice, bob } = await two();
    lies.change = (_path, told) => (told.account === bob.account ? { ...told, events: told.events.slice(0, 0) } : told);
    for (let count = 0; count < 3; count += 1) await refresh_contact(alice.device, bob.account).catch(() => undefined);
    assert.equal(alice.alert_codes.filter((code) => code === "chain_invalid").length, 1);
  });

  it("holds nobody to the heads of a log that was given up", async () => {
    const { alice, bob } = await two();
    await alice.do("verify_contact", { account: bob.account, method: "digits" });
    assert.ok((await alice.device.store.get("contacts", bob.account)).verified.log_size > 0);
    await alice.do("restart_key_log");
    assert.equal((await alice.device.store.get("contacts", bob.account)).verified.log_size, 0);
    await until(async () => (await held(alice)).looked > 0, "begun anew");
    assert.equal((await alice.ask("conversation", { id: bob.account })).peer.verified, true);
  });

  it("of another key, on another device of one's own, is told too", async () => {
    const { alice } = await two();
    const log = await LyingLog.begin({ origin: server.origin, keylog_key: "another one, of somebody else altogether" });
    const { device } = alice;
    const parts = await log.parts();
    await device.store.transaction((changes) => note_told(changes, device, { account: alice.account, by: "other" }, parts));
    await until(() => alice.alert_codes.includes("log_foreign"), "told");
    assert.equal(to_base64url(parts.root).length, 43);
  });
});
