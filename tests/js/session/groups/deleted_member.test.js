// @ts-check
// A member whose account was deleted before it was out: its leaves stay in the group until somebody takes them out, and keep nobody from
// anything. Nobody is thrown out because a server says that there is no such account.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../../static/js/codec/base64url.js";
import { until } from "../../support/browser.js";
import { all_hear, close_all, epoch_of, faults_of, is_told, make_group, members_of, people_who_know_each_other, say_in } from "../../support/groups.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

/** @param {Person} person @param {string} group */
async function make_keys_due({ device }, group) {
  const cursor = await device.store.get("cursors", group);
  await device.store.transaction((changes) => changes.put("cursors", group, { ...cursor, fresh: false }));
}

describe("a member whose account an operator deletes", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person} */
  let carol;
  /** @type {Person} */
  let dave;
  /** @type {string} */
  let group;
  let name = "";
  let account = "";

  before(async () => {
    server = await start_server();
    [alice, bob, carol, dave] = await people_who_know_each_other(server.origin, ["alice", "bob", "carol", "dave"]);
    group = await make_group(alice, [bob, carol]);
    await say_in(carol, group, "before");
    await all_hear([alice, bob], group, "before");
    ({ name, account } = carol);
    carol.close();
    const deletion = `from keys import services; services.delete_account(bytes.fromhex("${Buffer.from(from_base64url(account)).toString("hex")}"))`;
    await server.manage("shell", "--command", deletion);
  });
  after(async () => {
    close_all([alice, bob, carol, dave]);
    await server?.stop();
  });

  it("keeps the others from nothing that they say", async () => {
    const epoch = await epoch_of(alice, group);
    await say_in(bob, group, "we go on");
    await all_hear([alice], group, "we go on");
    // With new keys: a commit, which lists everybody.
    for (const [person, other] of [[bob, alice], [alice, bob]]) {
      await make_keys_due(person, group);
      await say_in(person, group, `new keys of ${person.name}`);
      await all_hear([other], group, `new keys of ${person.name}`);
    }
    assert.equal(await epoch_of(alice, group), epoch + 2);
  });

  it("stays in the group, whatever the server says, until somebody may take it out", async () => {
    assert.ok((await members_of(alice, group)).includes(name));
    for (const person of [alice, bob]) {
      const { repair } = await person.device.store.get("cursors", group);
      assert.equal(repair, false, `${person.name} has nothing to put right`);
    }
  });

  it("is named to whoever adds somebody, who could not come in", async () => {
    // That she was there a moment ago says nothing.
    const { store } = alice.device;
    await store.transaction((changes) => changes.update("contacts", account, (contact) => void (contact.fetched = 0)));
    await assert.rejects(alice.do("add_to_group", { conversation: group, accounts: [dave.account] }), { code: "member_gone" });
    await is_told(alice, group, `member_gone ${alice.name} ${name}`);
    assert.ok(!(await members_of(alice, group)).includes(dave.name));
  });

  it("is taken out by an admin like any other", async () => {
    await alice.do("remove_from_group", { conversation: group, account });
    await until(async () => !(await members_of(bob, group)).includes(name), "bob sees a group without her");
  });

  it("keeps nobody out who is added then", async () => {
    await alice.do("add_to_group", { conversation: group, accounts: [dave.account] });
    await until(async () => (await members_of(dave, group)).length === 3, "dave is in");
    await say_in(dave, group, "hello");
    await all_hear([alice, bob], group, "hello");
    assert.deepEqual(faults_of([alice, bob, dave]), []);
    for (const person of [alice, bob, dave]) assert.deepEqual(person.alert_codes, []);
  });
});
