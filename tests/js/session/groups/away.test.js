// @ts-check
// Somebody is away while a group changes.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, faults_of, group_of, is_told, make_group, notices_in, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("somebody who was away", { timeout: 240_000 }, () => {
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
    id = await make_group(ana, [ben, cem]);
    await say_in(cem, id, "I am off");
    await all_hear([ana, ben], id, "I am off");
  });
  after(async () => {
    close_all([ana, ben, cem]);
    await server?.stop();
  });

  it("reads every change in order when they come back, and judges by the rules of each time", async () => {
    cem.session.close();
    await ana.do("set_role", { conversation: id, account: ben.account, role: "owner" });
    await until(async () => (await entry_of(ben, id)).role === "owner");
    await ben.do("set_role", { conversation: id, account: ana.account, role: "member" });
    await until(async () => (await entry_of(ana, id)).role === "member");
    await ben.do("change_group", { conversation: id, title: "Ben's", who_edits: "admins" });
    await is_told(ana, id, `title_changed ${ben.name} Ben's`);
    await assert.rejects(ana.do("change_group", { conversation: id, title: "Ana's" }), { code: "not_allowed" });
    await say_in(ana, id, "while you were away");
    await cem.reload();
    await all_hear([cem], id, "while you were away");
    const told = await notices_in(cem, id);
    assert.deepEqual(told.filter((notice) => notice.startsWith("role_changed") || notice.startsWith("title_changed")), [
      `role_changed ${ana.name} ${ben.name} owner`,
      `role_changed ${ben.name} ${ana.name} member`,
      `title_changed ${ben.name} Ben's`,
    ]);
    assert.ok(!told.some((notice) => notice.startsWith("refused") || notice.startsWith("commit_refused")));
    const { members } = await group_of(cem, id);
    assert.equal(members.find((/** @type {any} */ { account }) => account === ben.account).role, "owner");
  });

  it("and was removed and added again meanwhile is in it when they come back", async () => {
    cem.session.close();
    await ben.do("remove_from_group", { conversation: id, account: cem.account });
    await say_in(ben, id, "cem is not here");
    await all_hear([ana], id, "cem is not here");
    await ben.do("add_to_group", { conversation: id, accounts: [cem.account] });
    await cem.reload();
    await say_in(ana, id, "there you are");
    await all_hear([cem], id, "there you are");
    await say_in(cem, id, "what have I missed?");
    await all_hear([ana, ben], id, "what have I missed?");
    assert.ok(!(await texts_in(cem, id)).includes("cem is not here"));
  });

  it("and wants to leave while nobody else is there is out once somebody comes", async () => {
    for (const person of [ana, ben]) person.session.close();
    await cem.do("leave_group", { conversation: id });
    assert.deepEqual([(await entry_of(cem, id)).state, (await entry_of(cem, id)).stopped], ["stopped", "left"]);
    const wishes = async () => (await cem.device.store.list("outbox", { prefix: `m/${id}/` })).filter(({ value }) => value.type === "leave");
    await until(async () => (await wishes()).length === 0, "the wish has left");
    await ana.reload();
    await is_told(ana, id, `left ${cem.name}`);
    await ben.reload();
    await is_told(ben, id, `left ${cem.name}`);
    await say_in(ben, id, "two of us");
    await all_hear([ana], id, "two of us");
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of([ana, ben, cem]), []);
  });
});
