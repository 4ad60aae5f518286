// @ts-check
// Notes to oneself: one conversation for each account, whichever of its devices asked for it first.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../support/browser.js";
import { all_hear, close_all, entry_of, faults_of, group_of, messages_in, other_browser_of, say_in, texts_in } from "../support/groups.js";
import { Person } from "../support/people.js";
import { start_server } from "../support/server.js";
import { absorb_settings, get_settings, put_setting } from "../../../static/js/session/settings.js";

/** @param {Person} person @returns {Promise<any[]>} what is shown in the list */
const shown_to = async (person) => (await person.ask("conversations")).filter((/** @type {any} */ { state }) => state !== "declined");

/** @param {Person} person @returns {Promise<string>} */
const open_notes = async (person) => (await person.do("open_notes")).conversation;

/** @param {Person} person */
const has_made = async (person) => (await get_settings(person.device.store)).notes !== undefined;

/** @param {Person[]} people */
function hold_vaults_until_each_has_made_one(people) {
  for (const person of people) {
    const { api } = person.device;
    const put = api.put_vault;
    api.put_vault = async (vault) => {
      if (await has_made(person)) await until(async () => (await Promise.all(people.map(has_made))).every(Boolean), "each has made one");
      return put(vault);
    };
  }
}

describe("notes to oneself", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let anas_phone;
  let id = "";

  before(async () => {
    server = await start_server();
    ana = await Person.sign_up(server.origin, "ana");
  });
  after(async () => {
    close_all([ana, anas_phone]);
    await server?.stop();
  });

  it("are made once, and say in the list what they are", async () => {
    const [one, other] = await Promise.all([open_notes(ana), open_notes(ana)]);
    assert.equal(one, other);
    id = one;
    const shown = await shown_to(ana);
    assert.deepEqual(shown.map((entry) => [entry.id, entry.notes, entry.state]), [[id, true, "active"]]);
    const { members } = await group_of(ana, id);
    assert.deepEqual(members.map((/** @type {any} */ { username }) => username), ["ana"]);
  });

  it("take what is written, and what is done to it", async () => {
    await say_in(ana, id, "milk and bread");
    await until(async () => (await messages_in(ana, id)).some(({ text, status }) => text === "milk and bread" && status === "stored"), "the note is stored");
    const [note] = (await messages_in(ana, id)).filter(({ type }) => type === "text");
    await ana.do("react", { conversation: id, id: note.id, emoji: "👍" });
    await until(async () => (await messages_in(ana, id)).some(({ reactions = [] }) => reactions[0]?.emoji === "👍"), "the reaction is there");
    assert.deepEqual((await ana.ask("search", { text: "bread", limit: 5 })).map((/** @type {any} */ hit) => hit.id), [note.id]);
  });

  it("let nobody in and nobody out", async () => {
    for (const [command, more] of /** @type {[string, object][]} */ ([["add_to_group", { accounts: [ana.account] }], ["make_group_link", {}], ["leave_group", {}]])) {
      await assert.rejects(ana.do(command, { conversation: id, ...more }), { code: "not_allowed" }, command);
    }
    assert.equal((await entry_of(ana, id)).state, "active");
  });

  it("are the same on a device that comes later", async () => {
    anas_phone = await other_browser_of(ana);
    await all_hear([anas_phone], id, "milk and bread");
    await until(async () => (await entry_of(anas_phone, id)).notes, "the phone knows what they are");
    assert.equal(await open_notes(anas_phone), id);
    await say_in(anas_phone, id, "from the phone");
    await all_hear([ana], id, "from the phone");
    await say_in(ana, id, "from the desk");
    await all_hear([anas_phone], id, "from the desk");
    assert.deepEqual((await shown_to(anas_phone)).map((entry) => entry.id), [id]);
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of([ana, anas_phone]), []);
  });
});

describe("notes that two devices make at once", { timeout: 240_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  let both;

  before(async () => {
    server = await start_server();
    const ben = await Person.sign_up(server.origin, "ben");
    both = [ben, await other_browser_of(ben)];
  });
  after(async () => {
    close_all(both ?? []);
    await server?.stop();
  });

  /** @param {Person} person */
  const notes_of = async (person) => (await shown_to(person)).map((entry) => `${entry.id} ${entry.notes}`);

  it("are one in the end, with what was written in either of them", async () => {
    hold_vaults_until_each_has_made_one(both);
    const made = await Promise.all(both.map(open_notes));
    assert.notEqual(made[0], made[1], "each has made one");
    await Promise.all(both.map((person, at) => say_in(person, made[at], `by ${at}`)));
    await until(async () => {
      const [one, other] = await Promise.all(both.map(notes_of));
      return one.length === 1 && one[0].endsWith("true") && one.join() === other.join();
    }, "both devices show the same one and no other");
    const [{ id }] = await shown_to(both[0]);
    assert.ok(made.includes(id));
    for (const text of ["by 0", "by 1"]) await all_hear(both, id, text);
    for (const person of both) assert.deepEqual((await texts_in(person, id)).sort(), ["by 0", "by 1"]);
    for (const person of both) assert.equal(await open_notes(person), id);
  });

  it("are still one after a reload", async () => {
    const [id] = await notes_of(both[0]);
    for (const person of both) await person.reload();
    for (const person of both) await until(async () => (await notes_of(person)).join() === id, "nothing else is shown");
    assert.deepEqual(faults_of(both), []);
  });
});

describe("a setting of two devices", () => {
  /** @returns {any} as much of a transaction as settings ask for */
  function a_device() {
    const meta = new Map();
    return { get: async (/** @type {string} */ _store, /** @type {string} */ id) => meta.get(id), put: (/** @type {string} */ _store, /** @type {string} */ id, /** @type {any} */ value) => meta.set(id, value) };
  }

  it("is the same on both, whoever hears of the other first, also if they set it in the same millisecond", async () => {
    const [one, other] = [a_device(), a_device()];
    await put_setting(one, "notes", "first", 1000);
    await put_setting(other, "notes", "second", 1000);
    await absorb_settings(one, { notes: { value: "second", time: 1000 } });
    await absorb_settings(other, { notes: { value: "first", time: 1000 } });
    assert.deepEqual(await get_settings(one), await get_settings(other));
    await absorb_settings(one, { notes: { value: "first", time: 1001 } });
    assert.equal((await get_settings(one)).notes, "first");
  });
});
