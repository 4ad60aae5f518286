// @ts-check
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Browser, until } from "../../support/browser.js";
import { all_hear, close_all, entry_of, faults_of, is_told, make_group, people_who_know_each_other, say_in, texts_in } from "../../support/groups.js";
import { Person } from "../../support/people.js";
import { start_server } from "../../support/server.js";

describe("groups in an account file, without an archive", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  let people = [];
  let id = "";
  let ended = "";

  before(async () => {
    server = await start_server();
    people = await people_who_know_each_other(server.origin, ["ana", "ben"]);
    const [ana, ben] = people;
    await ben.do("set_archive", { on: false });
    [id, ended] = [await make_group(ana, [ben], "Band"), await make_group(ana, [ben], "Old band")];
    for (const group of [id, ended]) await say_in(ana, group, `hello in ${group}`);
    for (const group of [id, ended]) await all_hear([ben], group, `hello in ${group}`);
    await ana.do("remove_from_group", { conversation: ended, account: ben.account });
    await is_told(ben, ended, `removed ${ana.name} ${ben.name}`);
  });
  after(async () => {
    close_all(people);
    await server?.stop();
  });

  it("come back with their titles and what was said; the device enters where the account is in", async () => {
    const [ana, ben] = people;
    const { file } = await ben.do("export_account");
    const browser = new Browser(server.origin);
    const other = new Person(browser, await browser.open_tab());
    people.push(other);
    await other.do("import_account", { file, recovery_key: await ben.do("pending_recovery_key") });
    assert.deepEqual([(await entry_of(other, id)).title, (await entry_of(other, ended)).title], ["Band", "Old band"]);
    assert.deepEqual([(await entry_of(other, ended)).state, (await entry_of(other, ended)).stopped], ["stopped", "removed"]);
    assert.ok((await texts_in(other, ended)).includes(`hello in ${ended}`));
    await until(async () => (await other.device.store.get("cursors", id))?.behind === false, "joined by itself");
    await say_in(other, id, "from the new one");
    await all_hear([ana, ben], id, "from the new one");
    await other.do("change_group", { conversation: id, title: "Band of two" });
    await is_told(ana, id, `title_changed ${ben.name} Band of two`);
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of(people), []);
  });
});
