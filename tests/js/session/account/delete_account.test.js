// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { is_talk2me_error, Talk2meError } from "../../../../static/js/errors.js";
import { describe as describe_group } from "../../../../static/js/protocol/mls.js";
import { until } from "../../support/browser.js";
import { all_hear, close_all, faults_of, is_told, make_group, members_of, other_browser_of, people_who_know_each_other, say_in } from "../../support/groups.js";
import { Person } from "../../support/people.js";
import { start_server } from "../../support/server.js";

describe("an account that is deleted", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let carol;
  /** @type {Person} */
  let phone;
  /** @type {string} */
  let group;
  let account = "";
  let name = "";

  before(async () => {
    server = await start_server();
    [bob, alice, carol] = await people_who_know_each_other(server.origin, ["bob", "alice", "carol"]);
    group = await make_group(bob, [alice, carol]);
    phone = await other_browser_of(alice);
    // What comes into a group while its account leaves stays in it (docs/groups.md 2).
    await until(async () => describe_group(await alice.device.groups.get(group)).members.length === 4, "her telephone is in the group");
    await carol.meet(alice);
    await alice.do("block", { account: carol.account });
    account = alice.account;
    name = alice.name;
    await alice.say(bob, "hello from alice");
    await bob.hears(alice, "hello from alice");
    await phone.hears(bob, "hello from alice");
  });
  after(async () => {
    close_all([alice, bob, carol, phone]);
    await server?.stop();
  });

  it("was told before what the server has of it", async () => {
    const known = await alice.do("known_of_account");
    assert.equal(known.account.username, name);
    assert.equal(known.devices.length, 2);
    assert.ok(known.mailboxes.rows.some((/** @type {any} */ row) => row.kind === "archive"));
    assert.ok(known.mailboxes.rows.some((/** @type {any} */ row) => row.kind === "conversation" && row.bytes > 0));
    assert.ok(known.vault.bytes > 0);
  });

  it("stays when the server does not do it, and who writes again is there again", async () => {
    const { api } = alice.session;
    const real = api.delete_account;
    api.delete_account = async () => {
      throw new Talk2meError("storage_failed");
    };
    try {
      await assert.rejects(alice.do("delete_account"), (error) => is_talk2me_error(error, "storage_failed"));
    } finally {
      api.delete_account = real;
    }
    await until(async () => (await bob.ask("conversation", { id: account })).stopped === "account_deleted", "bob is told");
    assert.ok(alice.session.profile());
    await alice.say(bob, "still here");
    await bob.hears(alice, "still here");
    assert.equal((await bob.ask("conversation", { id: account })).state, "active");
  });

  it("tells whom it talked to, leaves its groups, and is gone from this browser", async () => {
    const told_before = alice.alert_codes;
    await alice.do("delete_account");
    assert.equal(alice.session.profile(), null);
    await until(async () => (await bob.ask("conversation", { id: account })).stopped === "account_deleted", "bob is told");
    assert.ok((await bob.notices(/** @type {any} */ ({ account }))).includes("account_deleted"));
    await is_told(carol, group, `left ${name}`);
    await until(async () => !(await members_of(bob, group)).includes(name), "bob sees a group without her");
    assert.deepEqual(alice.alert_codes, told_before, "nothing that looks like being shut out");
  });

  it("shuts out its other devices, which keep what they have until they are erased", async () => {
    await until(async () => /** @type {any} */ (phone.session.connection).stopped === "device_revoked", "the telephone is told");
    assert.ok((await phone.texts(bob)).includes("hello from alice"));
    await assert.rejects(phone.do("known_of_account"));
  });

  it("leaves a group that goes on", async () => {
    await say_in(bob, group, "we go on");
    await all_hear([carol], group, "we go on");
    await say_in(carol, group, "yes");
    await all_hear([bob], group, "yes");
  });

  it("says nothing to whom it had blocked", async () => {
    assert.equal((await carol.ask("conversation", { id: account })).state, "active");
    assert.deepEqual(await carol.notices(/** @type {any} */ ({ account })), []);
  });

  it("can't be written to, and nobody can sign in to it", async () => {
    await assert.rejects(bob.do("send_text", { conversation: account, text: "too late" }), (error) => is_talk2me_error(error, "conversation_stopped"));
    assert.equal(await bob.do("find_account", { username: name }), null);
  });

  it("leaves a name that somebody else may take, who is a stranger", async () => {
    const another = await Person.sign_up(server.origin, name);
    try {
      assert.notEqual(another.account, account);
      const found = await bob.do("find_account", { username: name });
      assert.equal(found.account, another.account);
      assert.equal(found.known, false);
    } finally {
      another.close();
    }
    assert.deepEqual(faults_of([bob, carol]), []);
    assert.deepEqual(bob.alert_codes, []);
  });
});

describe("an account whose deletion is cut off", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let carol;
  /** @type {string} */
  let group;
  const network = new EventTarget();

  before(async () => {
    server = await start_server();
    [bob, alice, carol] = await people_who_know_each_other(server.origin, ["bob", "alice", "carol"], [{}, { network }, {}]);
    group = await make_group(bob, [alice, carol]);
    await say_in(alice, group, "hello all");
    await all_hear([bob, carol], group, "hello all");
  });
  after(async () => {
    close_all([alice, bob, carol]);
    await server?.stop();
  });

  const go_offline = () => network.dispatchEvent(new Event("offline"));

  /** @param {string} text */
  async function goes_on(text) {
    network.dispatchEvent(new Event("online"));
    await until(() => alice.device.online, "alice is back");
    await alice.say(bob, text);
    await bob.hears(alice, text);
    await say_in(alice, group, text);
    await all_hear([bob, carol], group, text);
    assert.ok(!(await bob.notices(/** @type {any} */ ({ account: alice.account }))).includes("account_deleted"));
    assert.ok((await members_of(bob, group)).includes(alice.name));
  }

  it("tells nobody when the network goes before anything was said", async () => {
    const { api } = alice.session;
    const real = api.deletion_challenge;
    api.deletion_challenge = async () => {
      const nonce = await real();
      go_offline();
      return nonce;
    };
    try {
      await assert.rejects(alice.do("delete_account"), (error) => is_talk2me_error(error, "offline"));
    } finally {
      api.deletion_challenge = real;
    }
    await goes_on("never mind");
  });

  it("takes back what could not be sent any more", async () => {
    const { device } = alice;
    const real = device.request.bind(device);
    device.request = async (frame) => {
      go_offline();
      return real(frame);
    };
    try {
      await assert.rejects(alice.do("delete_account"), (error) => is_talk2me_error(error, "offline"));
    } finally {
      device.request = real;
    }
    assert.equal((await alice.ask("conversation", { id: group })).state, "active");
    await goes_on("not that either");
    assert.deepEqual(faults_of([alice, bob, carol]), []);
  });

  it("is said to be gone where only the answer was lost", async () => {
    const { api } = alice.session;
    const real = api.delete_account;
    let was_out = false;
    api.delete_account = async (proof) => {
      was_out = !(await alice.device.store.get("conversations", group)).group.leaving;
      await real(proof);
      await until(() => !alice.device.online, "the server shuts it out");
      throw new Talk2meError("offline");
    };
    await assert.rejects(alice.do("delete_account"), (error) => is_talk2me_error(error, "offline"));
    assert.equal(/** @type {any} */ (alice.session.connection).stopped, "device_revoked");
    assert.ok(alice.alert_codes.includes("device_revoked"));
    assert.ok(was_out, "of its groups, before the server was asked");
  });
});
