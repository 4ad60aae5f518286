// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, faults_of, group_of, is_told, make_group, members_of, notices_in, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("three people in a group", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let cem;
  let id = "";

  before(async () => {
    server = await start_server();
    [ana, ben, cem] = await people_who_know_each_other(server.origin, ["ana", "ben", "cem"]);
  });
  after(async () => {
    close_all([ana, ben, cem]);
    await server?.stop();
  });

  it("are in it at once where they know who made it, with its title and who is in charge", async () => {
    id = await make_group(ana, [ben, cem], "Hiking");
    for (const person of [ana, ben, cem]) {
      const { kind, state, title, role, peer } = await entry_of(person, id);
      assert.deepEqual({ kind, state, title }, { kind: "group", state: "active", title: "Hiking" });
      assert.equal(role, person === ana ? "owner" : "member");
      assert.equal(peer.username, "Hiking");
    }
    const { members, may, who_adds } = await group_of(ben, id);
    assert.deepEqual(
      members.map((/** @type {any} */ { username, role }) => `${username} ${role}`).sort(),
      [`${ana.name} owner`, `${ben.name} member`, `${cem.name} member`],
    );
    assert.deepEqual([may, who_adds], [{ roles: false, rights: false, edit: true, add: false, write: true }, "admins"]);
    assert.deepEqual(await notices_in(ana, id), [`group_created ${ana.name}`]);
    assert.deepEqual(await notices_in(cem, id), [`added ${ana.name} ${cem.name}`]);
  });

  it("talk, and see from all of them that it came", async () => {
    await say_in(ana, id, "hello all");
    await all_hear([ben, cem], id, "hello all");
    await say_in(cem, id, "hello ana and ben");
    await say_in(ben, id, "me too");
    await all_hear([ana, ben, cem], id, "hello ana and ben");
    await all_hear([ana, ben, cem], id, "me too");
    const { last } = await entry_of(ana, id);
    assert.deepEqual([last.text, last.author, last.own], ["me too", ben.name, false]);
  });

  it("see a new title and picture, and by whom", async () => {
    const picture = Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3);
    await ben.do("change_group", { conversation: id, title: "Hiking in May", picture });
    for (const person of [ana, cem]) {
      await is_told(person, id, `title_changed ${ben.name} Hiking in May`);
      await is_told(person, id, `picture_changed ${ben.name}`);
      assert.deepEqual((await entry_of(person, id)).picture, picture);
    }
  });

  it("may do what their role lets them, and nothing else", async () => {
    await assert.rejects(ben.do("set_role", { conversation: id, account: ben.account, role: "admin" }), { code: "not_allowed" });
    await assert.rejects(ben.do("remove_from_group", { conversation: id, account: cem.account }), { code: "not_allowed" });
    await assert.rejects(ana.do("set_role", { conversation: id, account: ana.account, role: "member" }), { code: "last_owner" });
    await ana.do("set_role", { conversation: id, account: ben.account, role: "admin" });
    for (const person of [ana, ben, cem]) await is_told(person, id, `role_changed ${ana.name} ${ben.name} admin`);
    assert.equal((await entry_of(ben, id)).role, "admin");
    await ben.do("change_group", { conversation: id, who_writes: "admins" });
    for (const person of [ana, cem]) await is_told(person, id, `settings_changed ${ben.name}`);
    await assert.rejects(say_in(cem, id, "may I?"), { code: "not_allowed" });
    await say_in(ben, id, "silence please");
    await all_hear([ana, cem], id, "silence please");
    await ben.do("change_group", { conversation: id, who_writes: "members" });
    await until(async () => (await group_of(cem, id)).may.write, "cem may write again");
  });

  it("may not change what members may do, though they may change the title, and lose what they wanted with it", async () => {
    assert.deepEqual([(await group_of(cem, id)).may.edit, (await group_of(cem, id)).may.rights], [true, false]);
    for (const wish of [{ who_adds: "members" }, { who_edits: "admins" }, { title: "By cem", who_writes: "admins" }]) {
      await assert.rejects(cem.do("change_group", { conversation: id, ...wish }), { code: "not_allowed" });
    }
    const { title, who_adds, who_edits, who_writes } = await group_of(ana, id);
    assert.deepEqual([title, who_adds, who_edits, who_writes], ["Hiking in May", "admins", "members", "members"]);
  });

  it("who is removed is told by whom, keeps what was said and reads nothing after it", async () => {
    await ben.do("remove_from_group", { conversation: id, account: cem.account });
    await is_told(cem, id, `removed ${ben.name} ${cem.name}`);
    await is_told(ana, id, `removed ${ben.name} ${cem.name}`);
    const { state, stopped } = await entry_of(cem, id);
    assert.deepEqual([state, stopped], ["stopped", "removed"]);
    await say_in(ana, id, "only ben hears this");
    await all_hear([ben], id, "only ben hears this");
    await assert.rejects(say_in(cem, id, "still there?"), { code: "conversation_stopped" });
    const texts = await texts_in(cem, id);
    assert.ok(texts.includes("hello all") && !texts.includes("only ben hears this"));
    assert.deepEqual(await members_of(ana, id), [ana.name, ben.name]);
  });

  it("who is added again goes on, without what was said meanwhile", async () => {
    await ana.do("add_to_group", { conversation: id, accounts: [cem.account] });
    await until(async () => (await entry_of(cem, id)).state === "active", "cem is in it again");
    await is_told(ben, id, `added ${ana.name} ${cem.name}`);
    await say_in(ben, id, "welcome back");
    await all_hear([ana, cem], id, "welcome back");
    await say_in(cem, id, "thank you");
    await all_hear([ana, ben], id, "thank you");
    assert.ok(!(await texts_in(cem, id)).includes("only ben hears this"));
    assert.equal((await group_of(cem, id)).title, "Hiking in May");
  });

  it("who is removed as an owner comes back as a member, and nobody who is out gets a role", async () => {
    await ana.do("set_role", { conversation: id, account: cem.account, role: "owner" });
    for (const person of [ana, ben, cem]) await is_told(person, id, `role_changed ${ana.name} ${cem.name} owner`);
    await ana.do("remove_from_group", { conversation: id, account: cem.account });
    await until(async () => (await members_of(ben, id)).length === 2, "ben sees that cem is out");
    await assert.rejects(ana.do("set_role", { conversation: id, account: cem.account, role: "admin" }), { code: "not_found" });
    await ana.do("add_to_group", { conversation: id, accounts: [cem.account] });
    await until(async () => (await entry_of(cem, id)).state === "active" && (await group_of(cem, id)).members.length === 3, "cem is in it again");
    const role = async (/** @type {Person} */ person) => {
      const { members } = await group_of(person, id);
      return members.find((/** @type {any} */ { account }) => account === cem.account)?.role;
    };
    await until(async () => (await group_of(cem, id)).who_adds === "admins" && (await group_of(cem, id)).may.edit, "cem knows the rules");
    for (const person of [ana, ben, cem]) assert.equal(await role(person), "member", person.name);
    await assert.rejects(cem.do("remove_from_group", { conversation: id, account: ben.account }), { code: "not_allowed" });
    // That they are out says it: no line of its own for the role.
    assert.ok(!(await notices_in(ben, id)).includes(`role_changed ${ana.name} ${cem.name} member`));
  });

  it("who leaves is out once another device has seen it", async () => {
    await cem.do("leave_group", { conversation: id });
    await is_told(ana, id, `left ${cem.name}`);
    await is_told(ben, id, `left ${cem.name}`);
    await is_told(cem, id, `left ${cem.name}`);
    assert.deepEqual(await members_of(ana, id), [ana.name, ben.name]);
    const { state, stopped } = await entry_of(cem, id);
    assert.deepEqual([state, stopped], ["stopped", "left"]);
    await say_in(ana, id, "without cem");
    await all_hear([ben], id, "without cem");
    assert.ok(!(await texts_in(cem, id)).includes("without cem"));
  });

  it("without a fault of our own or an alarm", () => {
    assert.deepEqual(faults_of([ana, ben, cem]), []);
    assert.deepEqual([ana, ben, cem].flatMap(({ alert_codes }) => alert_codes), []);
  });
});
