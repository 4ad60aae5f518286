// @ts-check
// Attacks of docs/threat_model.md that need a session to be tried on: what the attacker must not get.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../static/js/codec/base64url.js";
import { concat, u64 } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import {
  add_members,
  create_group,
  describe as describe_group,
  join_from_welcome,
  remove_members,
} from "../../../static/js/protocol/mls.js";
import { refresh_contact } from "../../../static/js/session/refresh_contact.js";
import { Browser, until } from "../support/browser.js";
import { forged_chain, vouched } from "../support/forged.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";

const A_WHILE = 1_000;
const pause = () => new Promise((resolve) => void setTimeout(resolve, A_WHILE));

/** A message of a far epoch that nobody made. @param {string} mailbox */
const noise_of_later = (mailbox) =>
  concat(
    Uint8Array.of(0, 1, 0, 2, 16),
    from_base64url(mailbox),
    u64(4_000),
    Uint8Array.of(1, 0, 0x40, 64),
    random_bytes(64),
    Uint8Array.of(0x40, 200),
    random_bytes(200),
  );

describe("an attacker", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const everyone = [];

  before(async () => {
    server = await start_server();
  });
  after(async () => {
    for (const one of everyone) one.close();
    await server?.stop();
  });

  /** @param {string} name */
  async function person(name) {
    const made = await Person.sign_up(server.origin, name);
    everyone.push(made);
    return made;
  }

  /** When the chain of another was looked at last. @param {Person} whose @param {Person} other @param {number} [fetched] */
  async function forget_when({ device }, other, fetched = 0) {
    await device.store.transaction(async (changes) => {
      await changes.update("contacts", other.account, (contact) => Object.assign(contact, { fetched, proven: 0 }));
    });
  }

  async function two() {
    const made = await two_people(server.origin);
    everyone.push(...made);
    return made;
  }

  /** @param {Person} from @param {Person} to */
  async function send_noise(from, to) {
    const { mailbox, cursor } = await from.place(to);
    const told = (await to.notices(from)).length;
    const { tasks, store } = from.device;
    const { rejoin } = tasks;
    // The attacker's own browser is no help: it would be led astray too.
    tasks.rejoin = () => undefined;
    await from.device.request({
      type: "envelope.send",
      mailbox: from_base64url(mailbox),
      id: random_bytes(16),
      slot: cursor.slot,
      kind: "application",
      body: noise_of_later(mailbox),
      commitment: random_bytes(32),
      expires_in: null,
    });
    await until(async () => (await to.notices(from)).length > told, "told of noise");
    await until(async () => (await from.place(to)).cursor.behind, "the attacker has it too");
    await store.transaction((changes) => changes.update("cursors", mailbox, (own) => (own.behind = false)));
    tasks.rejoin = rejoin;
  }

  it("gets nothing by a chain that the key log does not have: the known keys stay in use, and the person is told", async () => {
    const [alice, bob] = await two();
    const { device } = alice;
    const { chain } = device.api;
    const { signed } = await forged_chain({ origin: server.origin, account: bob.account, username: bob.name });
    await forget_when(alice, bob);
    device.api.chain = async (account, held) =>
      account === bob.account ? { .../** @type {any} */ (await chain(account, held)), events: [signed] } : chain(account, held);
    await alice.say(bob, "for the bob that was met");
    await bob.hears(alice, "for the bob that was met");
    assert.ok(alice.alert_codes.includes("log_proof_wrong"));
    assert.equal((await alice.ask("conversation", { id: bob.account })).state, "active");
    device.api.chain = chain;
  });

  it("gets nothing of what is written once the log vouches for another identity key", async () => {
    const [alice, bob] = await two();
    const whose = { origin: server.origin, account: bob.account, username: bob.name };
    await refresh_contact(alice.device, bob.account, await vouched(whose, (await forged_chain(whose)).signed));
    assert.equal((await alice.ask("conversation", { id: bob.account })).state, "stopped");
    await assert.rejects(alice.say(bob, "not for whoever that is"));
    await refresh_contact(alice.device, bob.account);
    await alice.say(bob, "for the bob that came back");
    await bob.hears(alice, "for the bob that came back");
  });

  it("can't hide a change of identity behind a clock that was ahead", async () => {
    const [alice, bob] = await two();
    const { device } = alice;
    let asked = 0;
    const { chain } = device.api;
    await forget_when(alice, bob, Date.now() + 1e10);
    device.api.chain = (account, held) => {
      if (account === bob.account) asked += 1;
      return chain(account, held);
    };
    await alice.say(bob, "after the clock was set right");
    await bob.hears(alice, "after the clock was set right");
    assert.ok(asked > 0);
  });

  it("who was not accepted learns nothing from noise, and once accepted the two talk", async () => {
    const [eve, fred] = [await person("eve"), await person("fred")];
    await eve.do("start_conversation", { account: fred.account });
    await eve.say(fred, "are you there?");
    await fred.hears(eve, "are you there?");
    await eve.sees_status(fred, "are you there?", "stored");
    await send_noise(eve, fred);
    const { cursor: before_it } = await fred.place(eve);
    await pause();
    const { cursor } = await fred.place(eve);
    assert.deepEqual([cursor.sequence, cursor.behind], [before_it.sequence, true]);
    await fred.do("accept_request", { conversation: eve.account });
    await until(() => fred.has_joined(eve), "joined again");
    await eve.say(fred, "so you are");
    await fred.hears(eve, "so you are");
    await eve.sees_status(fred, "are you there?", "delivered");
  });

  it("can't make a message get lost that was on its way when noise made a device join anew", async () => {
    const [alice, bob] = await two();
    const { mailbox } = await alice.place(bob);
    const { rejoin } = bob.device.tasks;
    bob.device.tasks.rejoin = () => undefined;
    await send_noise(alice, bob);
    const request = alice.device.request.bind(alice.device);
    alice.device.request = async (frame) => {
      if (frame.type === "envelope.send") {
        rejoin(mailbox);
        await until(() => bob.has_joined(alice), "joined again");
      }
      return request(frame);
    };
    await alice.say(bob, "of the epoch before");
    await bob.hears(alice, "of the epoch before");
    alice.device.request = request;
    await alice.sees_status(bob, "of the epoch before", "delivered");
    await bob.reload();
    await alice.say(bob, "of the epoch after");
    await bob.hears(alice, "of the epoch after");
  });

  it("can't lead a device back into an epoch of before", async () => {
    const [alice, bob] = await two();
    const { mailbox } = await alice.place(bob);
    const { device } = alice;
    const old = await device.request({ type: "group_info.fetch", mailbox: from_base64url(mailbox) });
    await bob.device.store.transaction((changes) => changes.update("cursors", mailbox, (cursor) => (cursor.fresh = false)));
    await bob.say(alice, "a new epoch");
    await alice.hears(bob, "a new epoch");
    const { epoch } = describe_group(await device.groups.get(mailbox));
    const request = device.request.bind(device);
    device.request = async (frame) => (frame.type === "group_info.fetch" ? { ...old, ref: 0 } : request(frame));
    await send_noise(bob, alice);
    await until(() => alice.has_joined(bob), "given up");
    assert.equal(describe_group(await device.groups.get(mailbox)).epoch, epoch);
    device.request = request;
    await alice.say(bob, "still here");
    await bob.hears(alice, "still here");
  });

  it("is shown as a request, wherever in the tree it puts the one it writes to", async () => {
    const [mallory, grace] = [await person("mallory"), await person("grace")];
    const { file } = await mallory.do("export_account");
    const browser = new Browser(server.origin);
    const helper = new Person(browser, await browser.open_tab());
    everyone.push(helper);
    await helper.do("import_account", { file, recovery_key: await mallory.do("pending_recovery_key") });
    const owner = (/** @type {Person} */ { account, device }) => ({
      account: from_base64url(account),
      device: from_base64url(device.own.device),
    });
    const policy = { check_leaf: async () => true, now: Date.now() };
    const mailbox = random_bytes(16);
    const { signature_key } = mallory.device;
    const alone = await create_group({ mailbox, suite: 83, kind: "direct", own: owner(mallory), signature_key, now: Date.now() });
    const held = await helper.device.store.list("key_packages", { prefix: "" });
    const [own] = held.map(({ value }) => value).filter(({ suite }) => suite === 83);
    const { welcome } = await add_members(alone, [own.key_package], policy);
    const { group } = await join_from_welcome({
      welcome: /** @type {Uint8Array} */ (welcome),
      key_packages: [own],
      signature_key: helper.device.signature_key,
      policy,
    });
    const { group: first_leaf_free } = await remove_members(group, [0], policy);
    const [claimed] = await helper.device.api.claim_key_packages({ account: grace.account, suite: 83 });
    const added = await add_members(first_leaf_free, [claimed.key_package], policy);
    await helper.device.request({ type: "mailbox.create", mailbox, kind: "conversation" });
    await helper.device.request({
      type: "commit.send",
      mailbox,
      id: random_bytes(16),
      slot: 0,
      body: added.commit,
      members: [owner(helper).account, owner(grace).account],
      subscribers: [owner(helper).device, owner(grace).device],
      welcomes: [{ device: owner(grace).device, id: random_bytes(16), body: added.welcome }],
      group_info: added.group_info,
    });
    const shown = await until(() => grace.ask("conversation", { id: mallory.account }));
    assert.equal(shown.state, "request");
  });

  it("makes no fault of our own", () => {
    assert.deepEqual(everyone.flatMap(({ browser }) => browser.faults), []);
  });
});
