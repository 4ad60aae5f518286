// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { signing_key_from_seed } from "../../../static/js/crypto/ed25519.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { describe as describe_group } from "../../../static/js/protocol/mls.js";
import { sign_device_remove } from "../../../static/js/protocol/sign_account_event.js";
import { refresh_contact } from "../../../static/js/session/refresh_contact.js";
import { Browser, until } from "../support/browser.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

describe("an account file", { timeout: 120_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let second;
  /** @type {Blob} */
  let file;
  let recovery_key = "";

  before(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin);
    recovery_key = await alice.do("pending_recovery_key");
  });
  after(async () => {
    for (const one of [alice, bob, second]) one?.close();
    await server?.stop();
  });

  it("holds the account, unreadable", async () => {
    await alice.say(bob, "xylophone marmalade");
    await alice.sees_status(bob, "xylophone marmalade", "delivered");
    const exported = await alice.do("export_account");
    file = exported.file;
    assert.match(exported.name, /^talk2me-alice\d+-\d{4}-\d{2}-\d{2}\.t2m$/);
    const text = Buffer.from(await file.arrayBuffer()).toString("latin1");
    assert.ok(!text.includes("marmalade"));
  });

  it("is refused with another recovery key, a mistyped one, or a byte changed, and nothing is stored", async () => {
    const browser = new Browser(server.origin);
    const session = await browser.open_tab();
    const mistyped = session.commands.import_account({ file, recovery_key: recovery_key.slice(1) });
    await assert.rejects(mistyped, (error) => is_talk2me_error(error, "recovery_key_invalid"));
    const other = await bob.do("pending_recovery_key");
    const wrong = session.commands.import_account({ file, recovery_key: other });
    await assert.rejects(wrong, (error) => is_talk2me_error(error, "recovery_key_wrong"));
    const bytes = new Uint8Array(await file.arrayBuffer());
    bytes[bytes.length - 1] ^= 1;
    const damaged = session.commands.import_account({ file: new Blob([bytes]), recovery_key });
    await assert.rejects(damaged, (error) => is_talk2me_error(error, "file_invalid"));
    assert.equal(session.profile(), null);
    assert.deepEqual(await session.queries.conversations(), []);
    browser.close();
  });

  it("makes one device even when the answer gets lost on the way, and the browser is closed then", async () => {
    const other = await Person.sign_up(server.origin, "odessa");
    const exported = await other.do("export_account");
    const wish = { file: exported.file, recovery_key: await other.do("pending_recovery_key") };
    let lost = 0;
    const browser = new Browser(server.origin, {
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (!url.endsWith("/events")) return response;
        lost += 1;
        throw new TypeError("the network went away");
      },
    });
    const session = await browser.open_tab();
    await assert.rejects(session.commands.import_account(wish), (error) => is_talk2me_error(error, "offline"));
    assert.equal(session.profile(), null);
    session.close();
    const again = new Person(browser, await browser.open_tab());
    await again.do("import_account", wish);
    assert.equal(lost, 1);
    assert.equal((await again.do("devices")).length, 2);
    await bob.do("start_conversation", { account: other.account });
    await bob.say(other, "to each device you have");
    await again.hears(bob, "to each device you have");
    for (const one of [other, again]) one.close();
    assert.deepEqual(browser.faults, []);
  });

  it("opens in a fresh browser with the recovery key: history, contacts and the conversation", async () => {
    const browser = new Browser(server.origin);
    second = new Person(browser, await browser.open_tab());
    const profile = await second.do("import_account", { file, recovery_key: recovery_key.toLowerCase().replaceAll("-", " ") });
    assert.equal(profile.account, alice.account);
    assert.notEqual(profile.device, alice.session.profile()?.device);
    assert.ok((await second.texts(bob)).includes("xylophone marmalade"));
    assert.equal((await second.ask("contacts")).length, 1);
    await until(() => second.has_joined(bob), "joined by itself");
    assert.equal((await second.group_with(bob)).members.length, 3);
    assert.ok(browser.alerts.some(({ code }) => code === "import_progress"));
    assert.equal((await second.ask("conversation", { id: bob.account })).suite, 83);
  });

  it("makes a device that everyone hears and that hears everyone", async () => {
    await bob.say(alice, "to both of you");
    await alice.hears(bob, "to both of you");
    await second.hears(bob, "to both of you");
    await second.say(bob, "from the new one");
    await bob.hears(alice, "from the new one");
    await alice.hears(bob, "from the new one");
    const own = (await alice.messages(bob)).find(({ text }) => text === "from the new one");
    assert.equal(own.own, true);
    await until(async () => (await bob.notices(alice)).includes("device_added"), "bob is told");
    const devices = await second.do("devices");
    assert.deepEqual(devices.map((/** @type {any} */ one) => [one.own, one.active]), [[false, true], [true, true]]);
  });

  it("makes a device that is in what the account begins from now on", async () => {
    const carol = await Person.sign_up(server.origin, "carol");
    await alice.meet(carol);
    await alice.say(carol, "hello carol");
    await carol.hears(alice, "hello carol");
    await second.hears(carol, "hello carol");
    assert.equal((await second.ask("conversation", { id: carol.account })).state, "active");
    await carol.say(alice, "hello to all of you");
    await second.hears(carol, "hello to all of you");
    carol.close();
  });

  it("makes a device that the others put out before they say anything, once it is removed", async () => {
    const { device } = alice;
    const { chain } = await refresh_contact(device, alice.account);
    const { identity_seed } = await device.store.get("meta", "secrets");
    const removal = await sign_device_remove(chain, {
      origin: server.origin,
      device_id: from_base64url(second.session.profile()?.device ?? ""),
      signers: {
        identity: (await signing_key_from_seed(identity_seed)).private_key,
        authority: {
          key: device.keys?.sign_in.public_key ?? new Uint8Array(),
          private_key: /** @type {CryptoKey} */ (device.keys?.sign_in.private_key),
        },
      },
      now: Date.now(),
    });
    await device.api.append_event(alice.account, removal);
    await refresh_contact(device, alice.account);
    await until(() => second.alert_codes.includes("device_revoked"));
    await alice.say(bob, "without the removed one");
    await bob.hears(alice, "without the removed one");
    const { mailbox } = await alice.place(bob);
    const { members } = describe_group(await device.groups.get(mailbox));
    assert.equal(members.length, 2);
    assert.ok((await bob.notices(alice)).includes("device_removed"));
    assert.ok(!(await second.texts(bob)).includes("without the removed one"));
  });

  it("opens again elsewhere, although the account has changed since", async () => {
    const browser = new Browser(server.origin);
    const third = new Person(browser, await browser.open_tab());
    await third.do("import_account", { file, recovery_key });
    await bob.say(alice, "three of you now");
    await until(() => third.has_joined(bob), "joined");
    await bob.say(alice, "are you all there?");
    await third.hears(bob, "are you all there?");
    third.close();
    assert.deepEqual(browser.faults, []);
  });

  it("is not needed any more once the browser is erased", async () => {
    await second.do("erase_browser");
    assert.equal(second.session.profile(), null);
    assert.deepEqual(await second.ask("conversations"), []);
    await second.do("sign_up", { username: "somebodynew" });
    assert.equal(second.session.profile()?.username, "somebodynew");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, bob, second].flatMap(({ browser }) => browser.faults), []);
  });
});
