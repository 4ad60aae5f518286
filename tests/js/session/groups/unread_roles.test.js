// @ts-check
// A device that has not read who has which role takes nobody out: with whoever goes their role goes, which the others would miss.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { describe as describe_group } from "../../../../static/js/protocol/mls.js";
import { until } from "../../support/browser.js";
import { all_hear, close_all, entry_of, faults_of, make_group, members_of, notices_in, people_who_know_each_other, say_in } from "../../support/groups.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("an owner who leaves while only a device is there that has not read the roles", { timeout: 240_000 }, () => {
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
    id = await make_group(ana, [ben, cem], "Choir");
    await say_in(ana, id, "from before");
    await all_hear([ben, cem], id, "from before");
    for (const person of [ben, cem]) await until(async () => (await entry_of(person, id)).role === "member", "the roles are read");
    cem.session.close();
    await ben.device.store.transaction((changes) =>
      changes.update("conversations", id, ({ group }) => Object.assign(group, { roles: null, rights: null, settings: null, kept: [] })),
    );
  });
  after(async () => {
    close_all([ana, ben, cem]);
    await server?.stop();
  });

  it("is not taken out by it", async () => {
    await ana.do("leave_group", { conversation: id });
    await until(async () => (await leaving_in(ben, id)) > 0, "ben's device has read the wish");
    await say_in(ben, id, "who is there?");
    // As long as the others would wait at most.
    await new Promise((resolve) => void setTimeout(resolve, 2_500));
    assert.ok((await members_of(ben, id)).includes(ana.name));
  });

  it("is taken out by whoever knows the roles, and nobody is named for anything", async () => {
    await cem.reload();
    for (const person of [ben, cem]) {
      await until(async () => !(await members_of(person, id)).includes(ana.name), `${person.name} sees a group without her`);
    }
    await all_hear([cem], id, "who is there?");
    await say_in(cem, id, "we go on");
    await all_hear([ben], id, "we go on");
    await say_in(ben, id, "yes");
    await all_hear([cem], id, "yes");
    await until(async () => (await ben.device.store.get("conversations", id)).group.roles, "ben's device was told the roles");
    for (const person of [ben, cem]) {
      assert.deepEqual((await notices_in(person, id)).filter((notice) => /refused/.test(notice)), []);
      assert.deepEqual(person.alert_codes, []);
    }
    assert.deepEqual(faults_of([ana, ben, cem]), []);
  });
});

/** @param {Person} person @param {string} id */
async function leaving_in({ device }, id) {
  return describe_group(await device.groups.get(id)).leaving.length;
}
