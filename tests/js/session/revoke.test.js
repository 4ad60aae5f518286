// @ts-check
// What a device that was revoked can still do: nothing (docs/devices.md 5).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../../../static/js/errors.js";
import { find_device } from "../../../static/js/protocol/account_chain.js";
import { describe as describe_group } from "../../../static/js/protocol/mls.js";
import { open_vault, seal_vault } from "../../../static/js/protocol/vault.js";
import { refresh_contact } from "../../../static/js/session/refresh_contact.js";
import { Browser, until } from "../support/browser.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

describe("a device that is revoked", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  let recovery_key = "";
  /** @type {Person[]} */
  const others = [];

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    recovery_key = await alice.do("pending_recovery_key");
    await until(async () => !(await alice.device.store.get("meta", "vault")).dirty);
  });
  after(async () => {
    for (const one of [alice, bob, ...others]) one?.close();
    await server?.stop();
  });

  /** Another device of Alice's, in the conversation with Bob. */
  async function another() {
    const browser = new Browser(server.origin);
    const person = new Person(browser, await browser.open_tab());
    others.push(person);
    await person.do("recover_account", { username: alice.name, recovery_key, device_name: "lost" });
    await until(() => person.has_joined(bob), "joined");
    await until(async () => !(await person.device.store.get("meta", "vault")).dirty, "its vault is written");
    return person;
  }

  /** @param {Person} person */
  const id_of = (person) => person.session.profile()?.device ?? "";

  /** What the server has, with what somebody knows. @param {any} opener */
  async function open_stored(opener) {
    const { vault } = await alice.device.api.get_vault();
    const { chain } = await refresh_contact(alice.device, alice.account);
    const find_author = (/** @type {Uint8Array} */ id) => find_device(chain, id)?.sign_in_key ?? null;
    return open_vault({ vault, account: from_base64url(alice.account), origin: server.origin, with: opener, find_author });
  }

  it("reads and sends nothing any more, and what it knew opens no vault that is written from then on", async () => {
    const lost = await another();
    const known = await lost.device.store.get("meta", "secrets");
    assert.ok(await open_stored({ vault_key: known.vault_key }));
    await alice.do("revoke_devices", { devices: [id_of(lost)] });
    await until(() => lost.alert_codes.includes("device_revoked"));
    await assert.rejects(open_stored({ vault_key: known.vault_key }), (error) => is_talk2me_error(error, "vault_invalid"));
    const opener = { device: from_base64url(id_of(lost)), hpke_private_key: known.hpke.private_key };
    await assert.rejects(open_stored(opener), (error) => is_talk2me_error(error, "recovery_key_wrong"));
    await until(async () => {
      const { mailbox } = await alice.place(bob);
      return describe_group(await alice.device.groups.get(mailbox)).members.length === 2;
    }, "its leaf is gone");
    await bob.say(alice, "after that");
    await alice.hears(bob, "after that");
    assert.ok(!(await lost.texts(bob)).includes("after that"));
    await lost.say(bob, "from the lost one").catch(() => undefined);
    await assert.rejects(lost.device.api.get_vault(), (error) => is_talk2me_error(error));
    await bob.say(alice, "still there?");
    await alice.hears(bob, "still there?");
    assert.ok(!(await bob.texts(alice)).includes("from the lost one"));
  });

  it("is not this one, nor one that is none", async () => {
    for (const devices of [[id_of(alice)], ["AAAAAAAAAAAAAAAAAAAAAA"], []]) {
      await assert.rejects(alice.do("revoke_devices", { devices }), (error) => is_talk2me_error(error, "not_found"));
    }
  });

  it("is revoked by the next start when the page was closed after the vault was written", async () => {
    const lost = await another();
    alice.device.api.append_event = () => Promise.reject(new Talk2meError("offline"));
    const begun = alice.do("revoke_devices", { devices: [id_of(lost)] });
    await assert.rejects(begun, (error) => is_talk2me_error(error, "offline"));
    const { vault_key } = await lost.device.store.get("meta", "secrets");
    await assert.rejects(open_stored({ vault_key }), (error) => is_talk2me_error(error, "vault_invalid"));
    assert.ok(!lost.alert_codes.includes("device_revoked"));
    await alice.reload();
    await until(() => lost.alert_codes.includes("device_revoked"), "it is finished");
    await until(async () => (await alice.device.store.get("meta", "revocation")) === undefined);
    await until(async () => {
      const { mailbox } = await alice.place(bob);
      return describe_group(await alice.device.groups.get(mailbox)).members.length === 2;
    }, "its leaf is gone");
  });

  it("wrote a vault that is not taken in, and is replaced", async () => {
    const lost = await another();
    await alice.reload();
    const secrets = await lost.device.store.get("meta", "secrets");
    const { contents } = await open_stored({ vault_key: secrets.vault_key });
    await alice.do("revoke_devices", { devices: [id_of(lost)] });
    const { version } = await alice.device.store.get("meta", "vault");
    const forged = await seal_vault({
      ...{ vault_key: secrets.vault_key, account: from_base64url(alice.account), origin: server.origin, version: version + 1 },
      author: from_base64url(id_of(lost)),
      sign_in_key: /** @type {any} */ (lost.device.keys).sign_in.private_key,
      wraps: (await alice.device.store.get("meta", "secrets")).wraps,
      contents: { ...contents, contacts: [] },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
    await alice.device.api.put_vault({ version: version + 1, vault: forged });
    await alice.reload();
    await until(() => alice.alert_codes.includes("vault_by_removed_device"));
    await until(async () => {
      const state = await alice.device.store.get("meta", "vault");
      return !state.dirty && state.version > version + 1;
    });
    const { vault_key } = await alice.device.store.get("meta", "secrets");
    const now = await open_stored({ vault_key });
    assert.ok(now.version > version + 1);
    assert.equal(now.contents.contacts.length, 1);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob].flatMap(({ browser }) => browser.faults), []);
  });
});
