// @ts-check
// A stolen device that is still a device while it is being revoked, and does what it can about that.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../static/js/codec/base64url.js";
import { equal } from "../../../static/js/codec/bytes.js";
import { is_talk2me_error, Talk2meError } from "../../../static/js/errors.js";
import { seal_vault, wrap_vault_key } from "../../../static/js/protocol/vault.js";
import { gather_vault } from "../../../static/js/session/vault/gather_vault.js";
import { keep_vault } from "../../../static/js/session/vault/keep_vault.js";
import { Browser, until } from "../support/browser.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";

const random = (/** @type {number} */ length) => crypto.getRandomValues(new Uint8Array(length));

describe("a stolen device that is being revoked", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  let recovery_key = "";
  /** @type {Person[]} */
  const others = [];

  before(async () => {
    server = await start_server();
    alice = await Person.sign_up(server.origin, "alice");
    recovery_key = await alice.do("pending_recovery_key");
    await settled(alice);
  });
  after(async () => {
    for (const one of [alice, ...others]) one?.close();
    await server?.stop();
  });

  /** @param {Person} person */
  const settled = (person) => until(async () => !(await person.device.store.get("meta", "vault")).dirty, "the vault is written");
  /** @param {Person} person */
  const id_of = (person) => person.session.profile()?.device ?? "";
  /** @param {Person} person */
  const secrets_of = (person) => person.device.store.get("meta", "secrets");

  async function another() {
    const browser = new Browser(server.origin);
    const person = new Person(browser, await browser.open_tab());
    others.push(person);
    await person.do("recover_account", { username: "alice", recovery_key, device_name: "" });
    await settled(person);
    await keep_vault(alice.device, { look: true });
    return person;
  }

  /** A vault that only its author can open. @param {Person} thief @param {number} version */
  async function write_for_itself(thief, version) {
    const { device } = thief;
    const [own, account, vault_key] = [from_base64url(id_of(thief)), from_base64url(thief.account), random(32)];
    const { hpke } = await secrets_of(thief);
    const { chain } = await device.store.get("contacts", thief.account);
    const wrap = await wrap_vault_key({ vault_key, account, kind: "device", id: own, hpke_public_key: hpke.public_key });
    const vault = await seal_vault({
      ...{ vault_key, account, origin: server.origin, version, author: own, wraps: [wrap], random },
      sign_in_key: /** @type {any} */ (device.keys).sign_in.private_key,
      contents: await gather_vault(device.store, chain),
    });
    await device.api.put_vault({ version, vault });
  }

  it("goes all the same when it writes vaults that nobody else can read, as versions far away", async () => {
    const thief = await another();
    const { version } = await alice.device.store.get("meta", "vault");
    await write_for_itself(thief, version + 900_000);
    await write_for_itself(thief, version + 1_800_000);
    await alice.do("revoke_devices", { devices: [id_of(thief)] });
    await until(() => thief.alert_codes.includes("device_revoked"), "it is out");
    await settled(alice);
    assert.equal(await alice.device.store.get("meta", "revocation"), undefined);
    const { version: now } = await alice.device.api.get_vault();
    assert.ok(now > version + 1_800_000, "the vault is Alice's again");
    assert.ok(await another(), "and can be recovered");
  });

  it("gets the new key from no device that does not know yet whom the chain is about to lose", async () => {
    const [helper, thief] = [await another(), await another()];
    await keep_vault(helper.device, { look: true });
    alice.device.api.append_event = () => Promise.reject(new Talk2meError("offline"));
    const begun = alice.do("revoke_devices", { devices: [id_of(thief)] });
    await assert.rejects(begun, (error) => is_talk2me_error(error, "offline"));
    await helper.do("set_setting", { name: "receipts", value: false });
    await keep_vault(helper.device, { look: true });
    const [mine, theirs] = [await secrets_of(alice), await secrets_of(helper)];
    assert.ok(equal(mine.vault_key, theirs.vault_key));
    const wrapped_for = theirs.wraps.filter((/** @type {any} */ { kind }) => kind === "device").map((/** @type {any} */ { id }) => to_base64url(id));
    assert.ok(wrapped_for.includes(id_of(alice)));
    assert.ok(!wrapped_for.includes(id_of(thief)), "the helper wraps nothing for it");
    await alice.reload();
    await until(() => thief.alert_codes.includes("device_revoked"), "it is finished");
  });

  it("learns nothing of an archive key from another device that makes a new one at the same time", async () => {
    const [helper, one, two] = [await another(), await another(), await another()];
    for (const person of [helper, alice]) await keep_vault(person.device, { look: true });
    const real = alice.device.api.put_vault;
    alice.device.api.put_vault = () => Promise.reject(new Talk2meError("offline"));
    const begun = alice.do("revoke_devices", { devices: [id_of(one)] });
    await assert.rejects(begun, (error) => is_talk2me_error(error, "offline"));
    await helper.do("revoke_devices", { devices: [id_of(two)] });
    await keep_vault(one.device, { look: true });
    const seen = (await secrets_of(one)).archive.keys[0].key;
    alice.device.api.put_vault = real;
    await alice.reload();
    await until(() => one.alert_codes.includes("device_revoked"), "it is finished");
    await settled(alice);
    const { archive } = await secrets_of(alice);
    assert.ok(!equal(archive.keys[0].key, seen), "the newest is none that it has seen");
    await keep_vault(helper.device, { look: true });
    assert.ok(equal((await secrets_of(helper)).archive.keys[0].key, archive.keys[0].key));
  });

  it("makes no fault of our own", () => {
    assert.deepEqual(alice.browser.faults, []);
  });
});
