// @ts-check
// A passkey is one more recovery key (docs/devices.md 3), with an authenticator in software and a real server.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { Browser, until } from "../support/browser.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";
import { SoftwareAuthenticator } from "../support/software_authenticator.js";

/** @param {any} code */
const is = (code) => (/** @type {unknown} */ error) => is_talk2me_error(error, code);

describe("a passkey", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {SoftwareAuthenticator} */
  let authenticator;
  /** @type {Person} */
  let alice;
  /** @type {Person[]} */
  const everyone = [];
  /** @type {string[]} what left the browsers */
  const posted = [];

  before(async () => {
    server = await start_server();
    authenticator = new SoftwareAuthenticator(server.origin);
    alice = await fresh(authenticator);
    await alice.do("sign_up", { username: "alice", device_name: "First" });
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty);
  });
  after(async () => {
    for (const one of everyone) one.close();
    await server?.stop();
  });

  /** @param {SoftwareAuthenticator} with_it */
  async function fresh(with_it) {
    /** @type {any} */
    const listening = (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      if (typeof init?.body === "string") posted.push(init.body);
      return fetch(url, init);
    };
    const browser = new Browser(server.origin, { credentials: /** @type {any} */ (with_it), fetch: listening });
    const person = new Person(browser, await browser.open_tab());
    everyone.push(person);
    return person;
  }

  it("of an authenticator without PRF is told plainly, and nothing is kept of it", async () => {
    const plain = await fresh(new SoftwareAuthenticator(server.origin, { prf: false }));
    await plain.do("sign_up", { username: "plain" });
    await assert.rejects(plain.do("add_passkey", { name: "A key" }), is("passkey_no_prf"));
    assert.deepEqual(await plain.do("list_passkeys"), []);
    assert.equal((await plain.device.store.get("contacts", plain.account)).chain.recovery_keys.length, 1);
  });

  it("needs the recovery key once that has been confirmed, and the right one", async () => {
    const recovery_key = await alice.do("pending_recovery_key");
    await alice.do("check_recovery_key", { recovery_key });
    await assert.rejects(alice.do("add_passkey", { name: "A key" }), is("recovery_key_needed"));
    const other = await everyone[1].do("pending_recovery_key");
    await assert.rejects(alice.do("add_passkey", { name: "A key", recovery_key: other }), is("recovery_key_wrong"));
    assert.equal(authenticator.kept.length, 0);
    await alice.do("add_passkey", { name: "A key", recovery_key });
    const [listed] = await alice.do("list_passkeys");
    assert.equal(listed.name, "A key");
    assert.equal(listed.last_used, null);
  });

  it("signs a fresh browser in, which has the account then", async () => {
    const found = await fresh(authenticator);
    const profile = await found.do("passkey_sign_in", { device_name: "Second" });
    assert.equal(profile.account, alice.account);
    assert.equal(profile.recovered, true);
    const names = (await found.do("devices")).map((/** @type {any} */ { name }) => name);
    assert.deepEqual(names, ["First", "Second"]);
    assert.ok((await found.do("list_passkeys"))[0].last_used);
  });

  it("allows another recovery key, and stays", async () => {
    assert.deepEqual(await alice.do("new_recovery_key", { passkey: true }), { status: "made" });
    assert.match(await alice.do("pending_recovery_key"), /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
    assert.equal((await alice.do("list_passkeys")).length, 1);
  });

  it("that was removed signs nobody in", async () => {
    const [{ key }] = await alice.do("list_passkeys");
    await alice.do("remove_passkey", { key });
    assert.deepEqual(await alice.do("list_passkeys"), []);
    const refused = await fresh(authenticator);
    await assert.rejects(refused.do("passkey_sign_in", { device_name: "" }), is("passkey_refused"));
    assert.equal(refused.session.profile(), null);
  });

  it("gives nothing of its PRF away: no request has had it", () => {
    assert.ok(authenticator.outputs.length >= 3);
    for (const output of authenticator.outputs) {
      const forms = [output.toString("base64url"), output.toString("base64"), output.toString("hex")];
      assert.ok(posted.every((body) => forms.every((form) => !body.includes(form))));
    }
    assert.ok(posted.some((body) => body.includes("attestationObject")));
  });

  it("makes no fault of our own", () => {
    assert.deepEqual(everyone.flatMap(({ browser }) => browser.faults), []);
  });
});
