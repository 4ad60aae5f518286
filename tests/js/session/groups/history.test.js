// @ts-check
// Past messages for somebody who is let into a group (docs/groups.md 6).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, faults_of, is_told, make_group, messages_in, other_browser_of, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("past messages for somebody who is added", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let cem;
  /** @type {Person} */
  let dan;
  /** @type {Person} */
  let cems_other;
  let id = "";

  before(async () => {
    server = await start_server({ RATE_UPLOAD: "", RATE_DOWNLOAD: "" });
    [ana, ben, cem, dan] = await people_who_know_each_other(server.origin, ["ana", "ben", "cem", "dan"]);
    id = await make_group(ana, [ben], "Hiking");
  });
  after(async () => {
    close_all([ana, ben, cem, dan, cems_other]);
    await server?.stop();
  });

  /** @param {Person} person @param {string} text @returns {Promise<any>} */
  const find = async (person, text) => (await messages_in(person, id)).find((message) => message.text === text);

  it("are as they stand, before the point at which one came in, and everybody is told", async () => {
    for (const [person, text] of /** @type {[Person, string][]} */ ([[ana, "first"], [ben, "secnd"], [ana, "wrong"], [ben, "third"]])) {
      await say_in(person, id, text);
      await all_hear([ana, ben], id, text);
    }
    await ana.do("send_text", { conversation: id, text: "not that", reply: (await find(ana, "wrong")).id });
    await all_hear([ben], id, "not that");
    await ben.do("edit_message", { conversation: id, id: (await find(ben, "secnd")).id, text: "second" });
    await all_hear([ana], id, "second");
    await ana.do("delete_message", { conversation: id, id: (await find(ana, "wrong")).id, for: "all" });
    await ben.do("react", { conversation: id, id: (await find(ben, "first")).id, emoji: "👍" });
    const file = { blob: new Blob(["the map"]), name: "map.txt", media: "text/plain", kind: "file" };
    await ben.do("send_files", { conversation: id, files: [file], text: "look", reply: (await find(ben, "first")).id });
    await all_hear([ana], id, "look");
    await until(async () => (await find(ana, "first")).reactions);
    await ana.do("add_to_group", { conversation: id, accounts: [cem.account], history: 100 });
    await is_told(ben, id, `history_given ${ana.name} ${cem.name}`);
    await all_hear([cem], id, "third");
    const shown = await messages_in(cem, id);
    assert.deepEqual(shown.map(({ type, text, code }) => (type === "text" ? text : code)), ["first", "second", "third", "not that", "look", "added", "history_given"]);
    assert.deepEqual(shown.slice(0, 5).map(({ author }) => author.username), [ana, ben, ben, ana, ben].map(({ name }) => name));
    assert.ok(shown.slice(0, 5).every(({ shared_by, own }) => shared_by.username === ana.name && !own));
    assert.equal(shown.at(-1).count, 5);
    const [first, second, , answer, look] = shown;
    assert.equal(answer.reply.text, "", "what was deleted is given in no quote");
    assert.deepEqual(first.reactions.map((/** @type {any} */ { emoji, people }) => [emoji, ...people]), [["👍", ben.name]]);
    assert.ok(second.edited && !("edits" in second));
    assert.equal(second.time, (await find(ana, "second")).time);
    assert.deepEqual([look.reply.text, look.reply.here], ["first", true]);
    assert.equal(await (await cem.do("read_file", { conversation: id, id: look.id, index: 0 })).blob.text(), "the map");
    const { unread, last } = await entry_of(cem, id);
    assert.deepEqual([unread, last.text], [0, "look"]);
  });

  it("can be answered and reacted to, by all alike, and follow what their authors do", async () => {
    const { id: first } = await find(cem, "first");
    await cem.do("send_text", { conversation: id, text: "so it began", reply: first });
    await cem.do("react", { conversation: id, id: first, emoji: "❤️" });
    await until(async () => (await find(ana, "first")).reactions.length === 2, "ana sees what cem thinks of it");
    assert.equal((await find(ana, "so it began")).reply.here, true);
    await ben.do("edit_message", { conversation: id, id: (await find(ben, "third")).id, text: "the third" });
    await all_hear([cem], id, "the third");
    assert.equal((await find(cem, "the third")).author.username, ben.name);
    await ben.do("react", { conversation: id, id: first, emoji: null });
    await until(async () => (await find(cem, "first")).reactions.length === 1, "cem sees that ben took it back");
    await assert.rejects(cem.do("report_message", { conversation: id, id: first }), { code: "not_found" });
    await ben.do("delete_message", { conversation: id, id: (await find(ben, "look")).id, for: "all" });
    await until(async () => !(await texts_in(cem, id)).includes("look"), "it is gone for cem as well");
  });

  it("are found, and come to a device that comes later, as what they are", async () => {
    await until(async () => (await cem.ask("search", { text: "second", limit: 5 })).length === 1, "cem finds it");
    await until(async () => (await cem.ask("archive")).waiting === 0, "cem's browser has archived them");
    cems_other = await other_browser_of(cem);
    await until(async () => (await texts_in(cems_other, id)).includes("the third"), "the archive brings them");
    await until(async () => (await find(cems_other, "first"))?.reactions?.length === 1);
    const kept = async (/** @type {Person} */ person) =>
      (await messages_in(person, id)).filter(({ shared_by, deleted }) => shared_by && !deleted).map(({ id: of, text, author, edited, reactions, time, shared_by }) => ({ of, text, author, edited, reactions, time, shared_by }));
    await until(async () => JSON.stringify(await kept(cems_other)) === JSON.stringify(await kept(cem)), "both show the same");
    assert.equal((await kept(cem)).length, 4);
  });

  it("are not given on, nor anything when nobody wanted it", async () => {
    await ana.do("set_role", { conversation: id, account: cem.account, role: "admin" });
    await until(async () => (await entry_of(cem, id)).role === "admin");
    await cem.do("add_to_group", { conversation: id, accounts: [dan.account], history: 1000 });
    // To dan, cem is a stranger: nothing is fetched before he wants to be in it.
    await is_told(dan, id, `history_given ${cem.name} ${dan.name}`);
    assert.deepEqual([(await entry_of(dan, id)).state, await texts_in(dan, id)], ["request", []]);
    await dan.do("accept_request", { conversation: id });
    await all_hear([dan], id, "so it began");
    assert.deepEqual(await texts_in(dan, id), ["so it began"]);
    await ana.do("remove_from_group", { conversation: id, account: dan.account });
    await is_told(dan, id, `removed ${ana.name} ${dan.name}`);
    await say_in(ana, id, "without dan");
    await all_hear([ben], id, "without dan");
    await ana.do("add_to_group", { conversation: id, accounts: [dan.account] });
    await say_in(ben, id, "hello again");
    await all_hear([dan], id, "hello again");
    assert.ok(!(await texts_in(dan, id)).includes("without dan"));
    await assert.rejects(ana.do("add_to_group", { conversation: id, accounts: [dan.account], history: 1001 }), { code: "bad_request" });
  });

  it("stand between what was read before and after, for somebody who comes back, and only once", async () => {
    await ana.do("remove_from_group", { conversation: id, account: dan.account });
    await is_told(dan, id, `removed ${ana.name} ${dan.name}`);
    await say_in(ana, id, "while dan is away");
    await all_hear([ben], id, "while dan is away");
    await ana.do("add_to_group", { conversation: id, accounts: [dan.account], history: 100 });
    await all_hear([dan], id, "while dan is away");
    const all = ["first", "second", "the third", "not that", "so it began", "without dan", "hello again", "while dan is away"];
    assert.deepEqual(await texts_in(dan, id), all);
    assert.equal((await find(dan, "without dan")).shared_by.username, ana.name);
    assert.equal((await find(dan, "hello again")).shared_by, undefined);
    assert.equal((await find(dan, "so it began")).shared_by.username, cem.name);
  });

  it("without a fault of our own or an alarm", () => {
    assert.deepEqual(faults_of([ana, ben, cem, dan]), []);
    assert.deepEqual([ana, ben, dan].flatMap(({ alert_codes }) => alert_codes), []);
  });
});
