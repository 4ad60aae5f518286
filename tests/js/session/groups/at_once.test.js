// @ts-check
// Several change a group at the same time.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../../support/browser.js";
import { all_hear, close_all, epoch_of, faults_of, group_of, make_group, members_of, notices_in, people_who_know_each_other, say_in } from "../../support/groups.js";
import { start_server } from "../../support/server.js";
import { tampering_sockets } from "../../support/tampering_socket.js";

/** @import { Person } from "../../support/people.js" */

describe("changes at the same time", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  let people = [];
  let id = "";
  // Whether ben's browser is not told at once of what comes.
  let is_late = false;

  before(async () => {
    server = await start_server();
    const make_socket = tampering_sockets(server.origin, () => (frame) => (is_late && frame.type === "envelope.new" ? null : frame));
    people = await people_who_know_each_other(server.origin, ["ana", "ben", "cem", "dan", "eli"], [{}, { make_socket }]);
    id = await make_group(people[0], people.slice(1, 3));
  });
  after(async () => {
    close_all(people);
    await server?.stop();
  });

  it("of titles: all say the same one in the end, and nobody is stuck", async () => {
    const [ana, ben, cem] = people;
    await Promise.all([ana, ben, cem].map((person) => person.do("change_group", { conversation: id, title: `by ${person.name}` })));
    await until(async () => new Set(await Promise.all([ana, ben, cem].map(async (person) => (await group_of(person, id)).title))).size === 1);
    const { title } = await group_of(ana, id);
    assert.ok([ana, ben, cem].some(({ name }) => title === `by ${name}`));
    await until(async () => new Set(await Promise.all([ana, ben, cem].map((person) => epoch_of(person, id)))).size === 1);
  });

  it("of different settings: none is lost", async () => {
    const [ana, ben, cem] = people;
    await Promise.all([
      ana.do("change_group", { conversation: id, who_adds: "members" }),
      ben.do("change_group", { conversation: id, title: "kept" }),
      cem.do("change_group", { conversation: id, timer: 3600 }),
    ]);
    for (const person of [ana, ben, cem]) {
      await until(async () => {
        const { who_adds, title, timer } = await group_of(person, id);
        return who_adds === "members" && title === "kept" && timer === 3600;
      }, `${person.name} has all three`);
    }
    await ana.do("change_group", { conversation: id, timer: 0 });
    for (const person of [ben, cem]) await until(async () => (await group_of(person, id)).timer === 0);
  });

  it("by somebody who has not been told yet of another's: it is read first, and stays", async () => {
    const [ana, ben, cem] = people;
    const role_of_cem = async (/** @type {import("../../support/people.js").Person} */ person) =>
      (await group_of(person, id)).members.find((/** @type {any} */ { account }) => account === cem.account).role;
    await ana.do("set_role", { conversation: id, account: ben.account, role: "owner" });
    await ana.do("set_role", { conversation: id, account: cem.account, role: "admin" });
    await until(async () => (await role_of_cem(ben)) === "admin" && (await group_of(ben, id)).role === "owner");
    is_late = true;
    try {
      await ana.do("change_group", { conversation: id, title: "new title" });
      await until(async () => (await group_of(cem, id)).title === "new title");
      assert.equal((await group_of(ben, id)).title, "kept");
      await ben.do("change_group", { conversation: id, timer: 60 });
      await ana.do("set_role", { conversation: id, account: cem.account, role: "member" });
      await until(async () => (await role_of_cem(cem)) === "member");
      assert.equal(await role_of_cem(ben), "admin");
      await ben.do("set_role", { conversation: id, account: ana.account, role: "admin" });
    } finally {
      is_late = false;
    }
    for (const person of [ana, ben, cem]) {
      await until(async () => (await group_of(person, id)).timer === 60, `${person.name} has the timer`);
      const role_of_ana = async () => (await group_of(person, id)).members.find((/** @type {any} */ one) => one.account === ana.account).role;
      await until(async () => (await role_of_ana()) === "admin", `${person.name} has the roles`);
      assert.equal((await group_of(person, id)).title, "new title");
      assert.equal(await role_of_cem(person), "member");
      assert.equal((await notices_in(person, id)).filter((notice) => notice === `title_changed ${ben.name} kept`).length, 1, "once, as before");
    }
    await ben.do("change_group", { conversation: id, timer: 0 });
  });

  it("of who is in it: two are added by two, and one of them by both", async () => {
    const [ana, ben, cem, dan, eli] = people;
    await Promise.all([
      ana.do("add_to_group", { conversation: id, accounts: [dan.account] }),
      ben.do("add_to_group", { conversation: id, accounts: [dan.account, eli.account] }),
    ]);
    const names = people.map(({ name }) => name).sort();
    for (const person of people) await until(async () => (await members_of(person, id)).sort().join() === names.join(), `${person.name} sees all`);
    await eli.do("accept_request", { conversation: id });
    await dan.do("accept_request", { conversation: id });
    await say_in(eli, id, "I am in");
    await all_hear([ana, ben, cem, dan], id, "I am in");
  });

  it("all talk at once, and hear each other", async () => {
    await Promise.all(people.map((person) => say_in(person, id, `from ${person.name}`)));
    for (const { name } of people) await all_hear(people, id, `from ${name}`);
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of(people), []);
    assert.deepEqual(people.flatMap(({ alert_codes }) => alert_codes), []);
  });
});
