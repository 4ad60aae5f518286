// @ts-check
// A group on several devices of one account.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, faults_of, group_of, is_told, make_group, members_of, other_browser_of, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("a group on two devices", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let bens_phone;
  /** @type {Person} */
  let bens_tablet;
  let id = "";

  before(async () => {
    server = await start_server();
    [ana, ben] = await people_who_know_each_other(server.origin, ["ana", "ben"]);
    id = await make_group(ana, [ben], "Choir");
    await say_in(ana, id, "from before");
    await all_hear([ben], id, "from before");
    await ana.do("set_role", { conversation: id, account: ben.account, role: "admin" });
    await until(async () => (await entry_of(ben, id)).role === "admin");
  });
  after(async () => {
    close_all([ana, ben, bens_phone, bens_tablet]);
    await server?.stop();
  });

  it("is there on a device that comes later, with its title, who is in charge, and what was said", async () => {
    bens_phone = await other_browser_of(ben);
    await until(async () => (await entry_of(bens_phone, id))?.title === "Choir", "the phone knows the title");
    await until(async () => (await entry_of(bens_phone, id)).role === "admin", "the phone knows the roles");
    await all_hear([bens_phone], id, "from before");
    await until(async () => (await bens_phone.device.store.get("cursors", id))?.behind === false, "the phone is in the group");
    await say_in(ana, id, "to both");
    await all_hear([ben, bens_phone], id, "to both");
    await say_in(bens_phone, id, "from the phone");
    await all_hear([ana, ben], id, "from the phone");
  });

  it("is changed from the later one, by the role that the account has", async () => {
    await bens_phone.do("change_group", { conversation: id, title: "Choir on Mondays" });
    for (const person of [ana, ben]) await is_told(person, id, `title_changed ${ben.name} Choir on Mondays`);
  });

  it("is told by the others to a device that has lost what was agreed on", async () => {
    await bens_phone.device.store.transaction((changes) =>
      changes.update("conversations", id, ({ group }) => Object.assign(group, { roles: null, rights: null, settings: null, kept: [] })),
    );
    assert.equal((await group_of(bens_phone, id)).title, "");
    await bens_phone.reload();
    await until(async () => (await group_of(bens_phone, id)).title === "Choir on Mondays", "the phone was told");
    await until(async () => (await entry_of(bens_phone, id)).role === "admin", "the phone was told the roles");
  });

  it("counts a person once, however many devices there are", async () => {
    const { members } = await group_of(ana, id);
    assert.deepEqual(members.map((/** @type {any} */ { username, devices }) => [username, devices]).sort(), [[ana.name, 1], [ben.name, 2]].sort());
  });

  it("is joined by a device that finds what was said in it in the archive before the vault tells of it", async () => {
    /** @type {() => void} */
    let release = () => undefined;
    const gate = new Promise((resolve) => (release = () => resolve(undefined)));
    for (const { device } of [ben, bens_phone]) {
      const put = device.api.put_vault;
      device.api.put_vault = async (vault) => gate.then(() => put(vault));
    }
    const late = await make_group(ana, [ben], "Orchestra");
    await say_in(ana, late, "tuning");
    await all_hear([ben, bens_phone], late, "tuning");
    for (const person of [ben, bens_phone]) await until(async () => (await person.ask("archive")).waiting === 0, "it is archived");
    bens_tablet = await other_browser_of(ben);
    await all_hear([bens_tablet], late, "tuning");
    assert.equal((await entry_of(bens_tablet, late)).state, "stopped");
    release();
    await until(async () => (await bens_tablet.device.store.get("cursors", late))?.behind === false, "the tablet is in the group");
    await say_in(bens_tablet, late, "from the tablet");
    await all_hear([ana, ben, bens_phone], late, "from the tablet");
  });

  it("is left on both at once", async () => {
    await ben.do("leave_group", { conversation: id });
    await is_told(ana, id, `left ${ben.name}`);
    for (const person of [ben, bens_phone]) await until(async () => (await entry_of(person, id)).state !== "active", `${person.name} is out`);
    assert.deepEqual(await members_of(ana, id), [ana.name]);
    assert.ok((await texts_in(bens_phone, id)).includes("to both"));
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of([ana, ben, bens_phone, bens_tablet]), []);
  });
});
