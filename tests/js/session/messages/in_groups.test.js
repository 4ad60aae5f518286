// @ts-check
// What people do with messages where there are several of them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { expire_messages } from "../../../../static/js/session/messages/expire_messages.js";
import { add_device, is_restored } from "../../support/archives.js";
import { until } from "../../support/browser.js";
import { all_hear, close_all, entry_of, faults_of, make_group, messages_in, people_who_know_each_other, texts_in } from "../../support/groups.js";
import { alike } from "../../support/said.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("messages in a group of three", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  let all;
  /** @type {Person} */
  let later;
  let id = "";
  let ahead = 0;
  const now = () => Date.now() + ahead;

  before(async () => {
    server = await start_server();
    all = await people_who_know_each_other(server.origin, ["ana", "ben", "cem"], [{ now }, { now }, { now }]);
    const [ana, ben, cem] = all;
    id = await make_group(ana, [ben, cem], "Hiking");
  });
  after(async () => {
    close_all([...all, later].filter(Boolean));
    await server?.stop();
  });

  /** @param {Person} person @param {string} text @param {any} [more] @returns {Promise<string>} */
  async function say(person, text, more) {
    const sent = await person.do("send_text", { conversation: id, text, ...more });
    await all_hear(all.filter((one) => one !== person), id, text);
    return sent.id;
  }
  const shown = async (/** @type {Person} */ person, /** @type {string} */ which) => (await messages_in(person, id)).find((one) => one.id === which);
  /** @param {string} which @param {(message: any) => unknown} holds */
  async function all_see(which, holds) {
    for (const person of all) await until(async () => holds(await shown(person, which)), `${person.name}: ${holds}`);
  }

  it("are reacted to by all, answered, edited, pinned and deleted, and read alike on every screen", async () => {
    const [ana, ben, cem] = all;
    const question = await say(ana, "saturday?");
    const answer = await say(ben, "sunday", { reply: question, mentions: [ana.account, cem.account] });
    for (const person of all) await person.do("react", { conversation: id, id: question, emoji: "👍" });
    await ana.do("edit_message", { conversation: id, id: question, text: "saturday or sunday?" });
    await cem.do("pin_message", { conversation: id, id: question, pinned: true });
    const gone = await say(cem, "never mind");
    await cem.do("delete_message", { conversation: id, id: gone, for: "all" });
    await all_see(question, ({ text, reactions, pinned }) => text === "saturday or sunday?" && reactions?.[0].count === 3 && pinned);
    await all_see(gone, ({ deleted }) => deleted === "all");
    const { reply, mentions } = await shown(cem, answer);
    assert.deepEqual([reply.text, reply.author.username], ["saturday or sunday?", ana.name]);
    assert.deepEqual(mentions.map((/** @type {any} */ { username }) => username), [ana.name, cem.name]);
    const views = await Promise.all(all.map(async (person) => alike(await messages_in(person, id)).map(without_own)));
    assert.deepEqual(views[1], views[0]);
    assert.deepEqual(views[2], views[0]);
  });

  it("tell their author who has them and who has read them", async () => {
    const [ana, ben, cem] = all;
    await ben.do("set_setting", { name: "read_receipts", value: true });
    const said = await say(ana, "who reads this?");
    const { order } = await shown(ben, said);
    await ben.do("mark_read", { conversation: id, order });
    await until(async () => (await shown(ana, said)).status === "read");
    const receipts = async () => {
      const { receipts: all_of_them } = await ana.ask("message_details", { conversation: id, id: said });
      return all_of_them.map((/** @type {any} */ { username, delivered, read }) => `${username} ${Boolean(delivered)} ${Boolean(read)}`).sort();
    };
    await until(async () => (await receipts()).includes(`${cem.name} true false`));
    assert.equal((await receipts()).length, 2);
    const [of_ben] = (await receipts()).filter((/** @type {string} */ one) => one.startsWith(ben.name));
    assert.ok(of_ben.endsWith("true"));
    assert.deepEqual((await ben.ask("message_details", { conversation: id, id: said })).receipts, []);
  });

  it("are announced by whoever types", async () => {
    const [ana, ben] = all;
    /** @type {any[]} */
    const told = [];
    const stop = ana.session.on("typing", (detail) => told.push(detail));
    await ben.do("set_setting", { name: "typing", value: true });
    await ben.do("typing", { conversation: id });
    await until(() => told.length > 0);
    stop();
    assert.deepEqual([told[0].conversation, told[0].account], [id, ben.account]);
  });

  it("disappear when the group's settings say so", async () => {
    const [ana, ben, cem] = all;
    await ana.do("change_group", { conversation: id, timer: 60 });
    await until(async () => (await entry_of(cem, id)).timer === 60 && (await entry_of(ben, id)).timer === 60);
    await assert.rejects(ana.do("set_timer", { conversation: id, seconds: 0 }), { code: "bad_request" });
    const said = await say(cem, "gone in a minute");
    assert.equal((await shown(ana, said)).timer, 60);
    for (const person of [ana, ben]) {
      const { order } = await shown(person, said);
      await person.do("mark_read", { conversation: id, order });
    }
    await until(async () => (await shown(cem, said)).status !== "waiting");
    ahead += 61_000;
    for (const person of all) await expire_messages(person.device);
    for (const person of all) assert.ok(!(await texts_in(person, id)).includes("gone in a minute"));
    await ana.do("change_group", { conversation: id, timer: 0 });
    await until(async () => (await entry_of(cem, id)).timer === 0);
  });

  it("come to a device that is new, with all that was done to them, in a group", async () => {
    const [ana] = all;
    await until(async () => {
      ana.device.tasks.archive(0);
      return (await ana.ask("archive")).waiting === 0;
    }, "written");
    later = await add_device(ana, server.origin, await ana.do("pending_recovery_key"), { now });
    await until(() => is_restored(later), "restored");
    // What was deleted before it was archived leaves no trace there.
    const lasting = async (/** @type {Person} */ person) => alike(await messages_in(person, id)).filter(({ deleted }) => !deleted);
    assert.deepEqual(await lasting(later), await lasting(ana));
    assert.equal((await entry_of(later, id)).kind, "group");
  });

  it("make no fault of our own", () => {
    assert.deepEqual(faults_of([...all, later]), []);
  });
});

/** Which of the reactions is one's own differs. @param {any} message */
function without_own(message) {
  return { ...message, reactions: message.reactions?.map((/** @type {any} */ { own: _own, people, ...rest }) => ({ ...rest, people: people.toSorted() })) };
}
