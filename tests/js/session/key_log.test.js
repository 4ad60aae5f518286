// @ts-check
// The key log over real browsers' modules and a real server: what goes on while all is well, and what each lie leads to.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { concat, u64 } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { account_index } from "../../../static/js/protocol/key_log_leaf.js";
import { get_held } from "../../../static/js/session/key_log/held_log.js";
import { refresh_contact } from "../../../static/js/session/refresh_contact.js";
import { Browser, until } from "../support/browser.js";
import { forged_chain } from "../support/forged.js";
import { ForkedServer } from "../support/forked_server.js";
import { LyingLog } from "../support/lying_log.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { HeldLog } from "../../../static/js/session/key_log/held_log.js" */

const DAY = 86_400_000;

describe("the key log", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const everyone = [];
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
  });

  /** @param {ConstructorParameters<typeof Browser>[1]} [options] */
  async function person(options) {
    names += 1;
    const made = await Person.sign_up(server.origin, `log${names}`, options);
    everyone.push(made);
    return made;
  }

  /** Two who talk; the server can lie to the first one. */
  async function two() {
    const lies = new ForkedServer(server.origin);
    const pair = await two_people(server.origin, [{ fetch: lies.fetch }]);
    everyone.push(...pair);
    for (const one of pair) await until(async () => (await held(one)).looked > 0, "looked at the log");
    const [alice, bob] = pair;
    return { lies, alice, bob };
  }

  /** @param {Person} one @returns {Promise<HeldLog>} */
  const held = async (one) => /** @type {HeldLog} */ ((await get_held(one.device.store)) ?? {});
  /** @param {Person} one */
  const state = async (one) => (await one.ask("key_log")).state;
  /** @param {Person} one @param {string} code */
  const is_alarmed = (one, code) => until(async () => (await held(one)).alarm?.code === code, `alarmed by ${code}`);
  /** @param {Person} one @returns {Promise<any>} */
  const evidence = async (one) => JSON.parse(await (await one.do("save_evidence")).file.text());

  it("is followed without a word while all is well, and grows with accounts", async () => {
    const { alice, bob } = await two();
    const before_it = (await held(alice)).size;
    await person();
    await alice.do("check_key_log");
    const after_it = await held(alice);
    assert.equal(after_it.size, before_it + 2);
    assert.equal(after_it.scanned, after_it.size);
    assert.deepEqual(await state(alice), "ok");
    await bob.say(alice, "all is well");
    await alice.hears(bob, "all is well");
    await alice.do("check_key_log");
    assert.deepEqual([...alice.alert_codes, ...bob.alert_codes], []);
  });

  it("is named in each message, and what is named is compared", async () => {
    const { alice, bob } = await two();
    await person();
    await bob.do("check_key_log");
    await bob.say(alice, "names a newer one");
    await alice.hears(bob, "names a newer one");
    const { size } = await held(bob);
    await until(async () => (await held(alice)).size >= size, "alice has seen it too");
    await until(async () => Object.keys((await alice.device.store.get("meta", "key_log_told")) ?? {}).length === 0, "compared");
    assert.equal(await state(alice), "ok");
  });

  it("finds a split view that is kept up by the first message between two, and shows both of them", async () => {
    const { lies, alice, bob } = await two();
    lies.log = await lies.fork((await held(alice)).directory_key);
    lies.log.add_heartbeat();
    await alice.do("check_key_log");
    await person();
    await bob.do("check_key_log");
    assert.equal(await state(alice), "ok");
    await alice.say(bob, "the first after the fork");
    await is_alarmed(bob, "log_split");
    await bob.do("send_text", { conversation: alice.account, text: "and the answer" });
    // The log that she is shown is smaller than the one that he has seen signed.
    await is_alarmed(alice, "log_rolled_back");
    const file = await evidence(bob);
    assert.equal(file.code, "log_split");
    assert.ok(file.ours.includes("keylog/1") && file.theirs.includes("keylog/1"));
    assert.ok((await bob.ask("key_log")).alarm.found > 0);
    assert.equal(await state(bob), "broken");
  });

  it("finds an entry for an own device that the map was made to forget", async () => {
    const { lies, alice } = await two();
    const log = await lies.fork((await held(alice)).directory_key);
    const account = from_base64url(alice.account);
    log.add_account({ account, seq: 2, event: random_bytes(300) });
    log.forget(account_index(account, 2));
    log.add_heartbeat();
    lies.log = log;
    await assert.rejects(alice.do("check_key_log"), (error) => is_talk2me_error(error, "key_log_broken"));
    await is_alarmed(alice, "log_own_account");
    const { entry } = await evidence(alice);
    assert.ok(entry.inclusion && entry.absent && entry.last, "both halves of the contradiction");
  });

  it("finds that entry whatever version it was given", async () => {
    const { lies, alice } = await two();
    const log = await lies.fork((await held(alice)).directory_key);
    log.add_account({ account: from_base64url(alice.account), seq: 77, event: random_bytes(300) });
    lies.log = log;
    await assert.rejects(alice.do("check_key_log"));
    await is_alarmed(alice, "log_own_account");
  });

  it("finds the own name given to somebody else", async () => {
    const { lies, alice } = await two();
    const log = await lies.fork((await held(alice)).directory_key);
    log.add_username({ username: alice.name, account: random_bytes(16), version: 2 });
    lies.log = log;
    await assert.rejects(alice.do("check_key_log"));
    await is_alarmed(alice, "log_own_account");
  });

  it("finds an entry of a contact that was dropped again", async () => {
    const { lies, alice, bob } = await two();
    const log = await lies.fork((await held(alice)).directory_key);
    log.add_account({ account: from_base64url(bob.account), seq: 2, event: random_bytes(300) });
    log.forget(account_index(from_base64url(bob.account), 2));
    log.add_heartbeat();
    lies.log = log;
    await assert.rejects(alice.do("check_key_log"));
    await is_alarmed(alice, "log_entry_dropped");
    assert.equal((await alice.ask("key_log")).alarm.username, bob.name);
  });

  it("refuses a smaller log than the one that was seen", async () => {
    const { lies, alice } = await two();
    const log = await lies.fork((await held(alice)).directory_key);
    lies.log = log;
    await person();
    lies.log = null;
    await alice.do("check_key_log");
    lies.log = log;
    await assert.rejects(alice.do("check_key_log"));
    await is_alarmed(alice, "log_rolled_back");
    assert.equal(await state(alice), "broken");
  });

  it("refuses a log of another key", async () => {
    const { lies, alice } = await two();
    const log = await LyingLog.begin({ origin: server.origin, keylog_key: "another one, of somebody else altogether" });
    const told = await log.log();
    lies.change = (_path, answer) => ({ ...answer, log: told });
    await assert.rejects(alice.do("check_key_log"));
    await is_alarmed(alice, "log_key_changed");
  });

  it("takes leaves that do not add up to the checkpoint for what they are", async () => {
    const { lies, alice } = await two();
    const log = await lies.fork((await held(alice)).directory_key);
    log.add_heartbeat();
    const { key_log_leaves } = alice.device.api;
    lies.log = log;
    alice.device.api.key_log_leaves = async (from, to) => {
      const leaves = await key_log_leaves(from, to);
      leaves[80] ^= 1;
      return leaves;
    };
    await assert.rejects(alice.do("check_key_log"));
    await is_alarmed(alice, "log_split");
  });

  it("keeps keys that it does not have from ever being used", async () => {
    const { lies, alice } = await two();
    const carol = await person();
    const { signed } = await forged_chain({ origin: server.origin, account: carol.account, username: carol.name });
    const { identity, sign_in, mls } = /** @type {any} */ (signed.signatures);
    const signatures = Object.fromEntries(Object.entries({ identity, sign_in, mls }).map(([name, value]) => [name, to_base64url(value)]));
    lies.events.set(carol.account, [{ event: to_base64url(signed.event), signatures }]);
    await assert.rejects(alice.do("find_account", { username: carol.name }), (error) => is_talk2me_error(error, "key_log_invalid"));
    assert.ok(alice.alert_codes.includes("log_proof_wrong"));
    assert.equal(await alice.device.store.get("contacts", carol.account), undefined);
    lies.events.clear();
    const found = await alice.do("find_account", { username: carol.name });
    assert.equal(found.account, carol.account);
  });

  it("notices a revocation that is hidden by an old chain", async () => {
    const { lies, alice, bob } = await two();
    const old = await alice.device.api.chain(bob.account, { since: 0 });
    const { file } = await bob.do("export_account");
    const second = new Person(new Browser(server.origin), /** @type {any} */ (null));
    second.session = await second.browser.open_tab();
    everyone.push(second);
    await second.do("import_account", { file, recovery_key: await bob.do("pending_recovery_key") });
    // The old events under today's log: the log says that there is a later one.
    lies.change = (_path, answer) =>
      answer.account === bob.account ? { ...answer, events: answer.events.slice(0, 1) } : answer;
    await assert.rejects(refresh_contact(alice.device, bob.account), (error) => is_talk2me_error(error, "key_log_invalid"));
    assert.equal(old.events.length, 1);
    assert.ok(alice.alert_codes.includes("log_proof_wrong"));
    lies.change = (_path, answer) => answer;
    await alice.do("check_key_log");
    const { chain } = await alice.device.store.get("contacts", bob.account);
    assert.equal(chain.seq, 2);
    assert.ok((await alice.notices(bob)).includes("device_added"));
    await until(() => bob.do("check_key_log").then(() => bob.alert_codes.includes("own_device_added")), "bob is told of it");
  });

  it("asks for contacts' chains only when a leaf says that there is something new", async () => {
    const { lies, alice, bob } = await two();
    lies.asked.length = 0;
    await person();
    await alice.do("check_key_log");
    assert.ok(!lies.asked.includes(`accounts/${bob.account}/chain`));
    assert.ok(lies.asked.includes(`accounts/${alice.account}/chain`));
  });

  it("that stands still is said after 26 hours: only verified contacts are sent to until it goes on", async () => {
    const { alice, bob } = await two();
    let now = 0;
    await bob.reload({ now: () => Date.now() + now });
    await alice.reload({ now: () => Date.now() + now });
    await until(() => bob.device.online && alice.device.online, "online");
    now = DAY + 3 * 3_600_000;
    assert.equal(await state(alice), "unreachable");
    await alice.do("check_key_log");
    assert.equal(await state(alice), "frozen");
    assert.equal((await alice.ask("conversation", { id: bob.account })).waits_for_log, true);
    // Bob came by her link: he knows whom he talks to.
    assert.equal((await bob.ask("conversation", { id: alice.account })).waits_for_log, false);
    await alice.say(bob, "waits for the log");
    await bob.say(alice, "does not wait");
    await alice.hears(bob, "does not wait");
    await alice.sees_status(bob, "waits for the log", "waiting");
    await alice.do("verify_contact", { account: bob.account, method: "digits" });
    await bob.hears(alice, "waits for the log");
  });

  it("goes on with verified contacts while it is broken, and starts over when the person says so", async () => {
    const { lies, alice, bob } = await two();
    const log = await lies.fork((await held(alice)).directory_key);
    await person();
    await alice.do("check_key_log");
    lies.log = log;
    await assert.rejects(alice.do("check_key_log"));
    await alice.say(bob, "waits for the person");
    await alice.sees_status(bob, "waits for the person", "waiting");
    await alice.do("dismiss_key_log_alarm");
    assert.equal((await alice.ask("key_log")).alarm.seen, true);
    lies.log = null;
    await alice.do("restart_key_log");
    await until(async () => (await state(alice)) === "ok" && (await held(alice)).looked > 0, "begun anew");
    await bob.hears(alice, "waits for the person");
  });

  it("is not broken by a contact that names what the log has not signed, which is told", async () => {
    const { alice, bob } = await two();
    await bob.device.store.transaction((changes) =>
      changes.update("meta", "key_log", (log) => Object.assign(log, { size: log.size + 5, signature: random_bytes(64) })),
    );
    await bob.say(alice, "by another log");
    await until(() => alice.alert_codes.includes("log_foreign"), "told");
    assert.ok((await alice.notices(bob)).includes("log_foreign"));
    assert.equal(await state(alice), "ok");
  });

  it("in a scanned code is compared too, and counts only as far as the log has signed it", async () => {
    const { alice, bob } = await two();
    const { qr } = await bob.do("safety_number", { account: alice.account });
    const bytes = from_base64url(qr);
    bytes[109] ^= 1;
    assert.deepEqual(await alice.do("verify_contact", { account: bob.account, scanned: to_base64url(bytes) }), { verified: true });
    await until(() => alice.alert_codes.includes("log_foreign"), "told");
    assert.equal(await state(alice), "ok");
    const log = await LyingLog.begin({ origin: server.origin });
    const { size, root, signature } = await log.parts();
    const forked = concat(bytes.subarray(0, 101), u64(size), root, signature);
    await alice.do("verify_contact", { account: bob.account, scanned: to_base64url(forked) });
    await is_alarmed(alice, "log_split");
  });
});
