// @ts-check
// What a session keeps in order without being asked.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../../../static/js/errors.js";
import { derive_recovery, parse_recovery_key } from "../../../static/js/protocol/recovery_key.js";
import { find_device } from "../../../static/js/protocol/account_chain.js";
import { open_vault } from "../../../static/js/protocol/vault.js";
import { queue_content } from "../../../static/js/session/queue_content.js";
import { keep_vault, mark_vault } from "../../../static/js/session/vault/keep_vault.js";
import { refresh_contact } from "../../../static/js/session/refresh_contact.js";
import { until } from "../support/browser.js";
import { two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

/** @import { Person } from "../support/people.js" */

describe("upkeep", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
  });
  after(async () => {
    alice?.close();
    bob?.close();
    await server?.stop();
  });

  /** What a fresh browser with the recovery key would find on the server. */
  async function vault_on_server() {
    const key = await parse_recovery_key(await alice.do("pending_recovery_key"));
    const account = from_base64url(alice.account);
    const recovery = await derive_recovery(key, account);
    const { chain } = await alice.device.store.get("contacts", alice.account);
    const find_author = (/** @type {Uint8Array} */ id) => find_device(chain, id)?.sign_in_key ?? null;
    const { origin } = alice.device;
    const { vault } = await alice.device.api.get_vault();
    return open_vault({ vault, account, origin, with: { recovery }, find_author });
  }

  it("twenty key packages and a last resort of each suite lie on the server", async () => {
    const counts = await until(async () => {
      const found = await alice.device.api.count_key_packages();
      return found.remaining[1] === 20 ? found : null;
    });
    assert.deepEqual(counts, { remaining: { 83: counts.remaining[83], 1: 20 }, last_resort: { 83: true, 1: true } });
    assert.ok(counts.remaining[83] >= 18);
  });

  it("key packages are made anew once few are left", async () => {
    const claims = Array.from({ length: 16 }, () => bob.device.api.claim_key_packages({ account: alice.account, suite: 1 }));
    await Promise.all(claims);
    assert.equal((await alice.device.api.count_key_packages()).remaining[1], 4);
    await alice.reload();
    await until(async () => (await alice.device.api.count_key_packages()).remaining[1] === 20);
  });

  it("the vault on the server has the contact, the conversation and the invitation, for the recovery key to open", async () => {
    const contents = await until(async () => {
      const opened = await vault_on_server();
      return opened.contents.conversations.length === 1 && opened.contents.contacts.length === 1 ? opened.contents : null;
    });
    assert.equal(to_base64url(contents.contacts[0].account), bob.account);
    assert.equal(contents.conversations[0].state, "active");
    assert.equal(contents.invitations.length, 1);
  });

  it("a vault that another device wrote meanwhile is taken in, not written over", async () => {
    const { device } = alice;
    const { version } = await device.store.get("meta", "vault");
    await until(async () => !(await device.store.get("meta", "vault")).dirty);
    await device.store.transaction((changes) => changes.put("meta", "vault", { version: version - 1, dirty: false }));
    await device.store.transaction((changes) => mark_vault(changes, device));
    await until(async () => {
      const state = await device.store.get("meta", "vault");
      return !state.dirty && state.version > version;
    });
    assert.equal((await vault_on_server()).contents.contacts.length, 1);
  });

  it("a vault whose writing broke off is still to be written, and one with nothing new in it is not written again", async () => {
    const { device } = alice;
    const state = () => device.store.get("meta", "vault");
    await until(async () => !(await state()).dirty);
    const { put_vault, get_vault } = device.api;
    device.api.put_vault = () => Promise.reject(new Talk2meError("vault_conflict"));
    device.api.get_vault = () => Promise.reject(new Talk2meError("offline"));
    device.tasks.vault = () => undefined;
    await device.store.transaction((changes) => mark_vault(changes, device));
    await assert.rejects(keep_vault(device), (error) => is_talk2me_error(error, "offline"));
    assert.equal((await state()).dirty, true);
    const { version } = await state();
    device.api.get_vault = async () => ({ ...(await get_vault()), version: Number.MAX_SAFE_INTEGER });
    await assert.rejects(keep_vault(device), (error) => is_talk2me_error(error, "vault_invalid"));
    assert.equal((await state()).version, version);
    Object.assign(device.api, { put_vault, get_vault });
    await keep_vault(device);
    assert.equal((await state()).dirty, false);
    await refresh_contact(device, bob.account);
    assert.equal((await state()).dirty, false);
  });

  it("a content that comes again in another envelope is shown once", async () => {
    await bob.say(alice, "say that again");
    await alice.hears(bob, "say that again");
    const { id, time } = (await bob.messages(alice)).find(({ text }) => text === "say that again");
    await bob.device.store.transaction(async (changes) => {
      const conversation = await changes.get("conversations", alice.account);
      queue_content(changes, bob.device, conversation, { type: "text", body: { text: "say that again" }, content_id: id, time });
      changes.put("conversations", alice.account, conversation);
    });
    await bob.say(alice, "that was it");
    await alice.hears(bob, "that was it");
    assert.equal((await alice.texts(bob)).filter((text) => text === "say that again").length, 1);
  });

  it("no receipts leave when the person does not want that", async () => {
    await alice.do("set_setting", { name: "receipts", value: false });
    await bob.say(alice, "did you get this?");
    await alice.hears(bob, "did you get this?");
    await new Promise((resolve) => void setTimeout(resolve, 700));
    const { status } = (await bob.messages(alice)).find(({ text }) => text === "did you get this?");
    assert.equal(status, "stored");
    await alice.do("set_setting", { name: "receipts", value: true });
    await bob.say(alice, "and this?");
    await bob.sees_status(alice, "and this?", "delivered");
  });

  it("contacts are verified by a scanned code, and only by the right one", async () => {
    const [mine, theirs] = await Promise.all([
      alice.do("safety_number", { account: bob.account }),
      bob.do("safety_number", { account: alice.account }),
    ]);
    assert.equal(mine.digits, theirs.digits);
    assert.match(mine.digits, /^(\d{5} ){11}\d{5}$/);
    assert.equal(mine.verified, null);
    assert.deepEqual(await alice.do("verify_contact", { account: bob.account, scanned: mine.qr }), { verified: false });
    const noise = alice.do("verify_contact", { account: bob.account, scanned: "noise" });
    await assert.rejects(noise, (error) => is_talk2me_error(error, "verification_code_invalid"));
    assert.deepEqual(await alice.do("verify_contact", { account: bob.account, scanned: theirs.qr }), { verified: true });
    assert.equal((await alice.ask("contacts"))[0].verified, true);
    await alice.do("unverify_contact", { account: bob.account });
    assert.equal((await alice.ask("contacts"))[0].verified, false);
  });

  it("a text that can't be sent is refused before anything is stored", async () => {
    const count = (await alice.messages(bob)).length;
    for (const text of ["", "x".repeat(16_385), "\ud800"]) {
      await assert.rejects(alice.say(bob, text), (error) => is_talk2me_error(error, "text_invalid"));
    }
    assert.equal((await alice.messages(bob)).length, count);
  });

  it("messages are read page by page", async () => {
    const all = await alice.messages(bob);
    const last = await alice.ask("messages", { conversation: bob.account, limit: 3 });
    assert.deepEqual(last, all.slice(-3));
    const before_those = await alice.ask("messages", { conversation: bob.account, before: last[0].order, limit: 2 });
    assert.deepEqual(before_those, all.slice(-5, -3));
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
    // Of the vault of a version that no vault can have.
    assert.deepEqual([...alice.browser.alerts, ...bob.browser.alerts], [{ code: "vault_invalid" }]);
  });
});
