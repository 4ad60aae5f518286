// @ts-check
// Past messages that are given while something goes wrong: a page that ends, a server that doesn't take them; and what never leaves.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, faults_of, is_told, make_group, messages_in, notices_in, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { Person } from "../../support/people.js";
import { start_server } from "../../support/server.js";

describe("giving past messages", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let cem;
  let id = "";
  /** What ana's browser gets instead of taking up a file. @type {"fails" | "refused" | null} */
  let instead = null;
  let uploads = 0;

  /** @param {string} input @param {RequestInit} init @returns {Promise<Response>} */
  async function unsure_fetch(input, init) {
    if (!input.includes("/attachments")) return fetch(input, init);
    uploads += 1;
    if (instead === "fails") throw new TypeError("no connection");
    if (instead === "refused") return Response.json({ error: "quota_reached" }, { status: 507 });
    return fetch(input, init);
  }

  before(async () => {
    server = await start_server({ RATE_UPLOAD: "", RATE_DOWNLOAD: "" });
    [ana, ben, cem] = await people_who_know_each_other(server.origin, ["ana", "ben", "cem"], [{ fetch: unsure_fetch }]);
  });
  after(async () => {
    close_all([ana, ben, cem]);
    await server?.stop();
  });

  /** A group of ana's in which something was said. */
  async function begin() {
    id = await make_group(ana, [ben]);
    await say_in(ben, id, "before cem");
    await all_hear([ana], id, "before cem");
  }

  it("goes on in the next page of whoever gives, and brings nothing that disappears", async () => {
    await begin();
    await ana.do("change_group", { conversation: id, timer: 3_600 });
    await is_told(ben, id, `timer_changed ${ana.name}`);
    await say_in(ana, id, "gone soon");
    await all_hear([ben], id, "gone soon");
    await ana.do("change_group", { conversation: id, timer: 0 });
    instead = "fails";
    await ana.do("add_to_group", { conversation: id, accounts: [cem.account], history: 100 });
    await until(async () => (await entry_of(cem, id))?.state === "active", "cem is in it all the same");
    await until(() => uploads > 0, "it was tried");
    assert.ok(!(await notices_in(ben, id)).some((notice) => notice.startsWith("history_given")));
    ana.session.close();
    instead = null;
    ana = new Person(ana.browser, await ana.browser.open_tab());
    await is_told(ben, id, `history_given ${ana.name} ${cem.name}`);
    await all_hear([cem], id, "before cem");
    assert.deepEqual(await texts_in(cem, id), ["before cem"]);
    assert.equal((await messages_in(ana, id)).find(({ code }) => code === "history_given").count, 1);
    assert.equal((await ana.device.store.get("conversations", id)).group.giving, undefined);
    assert.deepEqual(await ana.device.store.list("files", { prefix: "" }), []);
  });

  it("that the server takes nothing of is said to whoever wanted it, and to nobody else", async () => {
    await begin();
    instead = "refused";
    await ana.do("add_to_group", { conversation: id, accounts: [cem.account], history: 100 });
    await is_told(ana, id, `history_not_given ${ana.name} ${cem.name}`);
    instead = null;
    await say_in(ana, id, "welcome");
    await all_hear([ben, cem], id, "welcome");
    for (const person of [ben, cem]) assert.ok(!(await notices_in(person, id)).some((notice) => notice.startsWith("history")));
    assert.deepEqual(await texts_in(cem, id), ["welcome"]);
    assert.deepEqual(await ana.device.store.list("files", { prefix: "" }), []);
  });

  it("where there is nothing from before is passed over", async () => {
    id = await make_group(ana, [ben]);
    await ana.do("add_to_group", { conversation: id, accounts: [cem.account], history: 1000 });
    await until(async () => !(await ana.device.store.get("conversations", id)).group.giving, "it is over");
    await say_in(ana, id, "welcome");
    await all_hear([ben, cem], id, "welcome");
    for (const person of [ana, ben, cem]) assert.ok(!(await notices_in(person, id)).some((notice) => notice.startsWith("history")));
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of([ana, ben, cem]), []);
  });
});
