// @ts-check
// The server was put back to an older copy (docs/operations.md, Restore): people talk on, are told of it in words, and nothing that comes
// after it is passed over.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { sha256 } from "../../../static/js/crypto/hash.js";
import { label } from "../../../static/js/protocol/labels.js";
import { until } from "../support/browser.js";
import { all_hear, group_of, make_group, people_who_know_each_other, say_in, texts_in } from "../support/groups.js";
import { Person, two_people } from "../support/people.js";
import { start_server } from "../support/server.js";
import { tampering_sockets } from "../support/tampering_socket.js";

const NEW_KEY = "another key of a log, another key of a log";

describe("a server that was put back to an older copy", { timeout: 1_200_000 }, () => {
  /** @type {import("../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let bob;
  /** @type {Person[]} */
  const others = [];

  beforeEach(async () => {
    server = await start_server();
    [alice, bob] = await two_people(server.origin, [{}, {}]);
    await alice.say(bob, "before the copy");
    await bob.hears(alice, "before the copy");
  });
  afterEach(async () => {
    for (const person of [alice, bob, ...others.splice(0)]) person?.close();
    await server?.stop();
  });

  const file = () => join(dirname(server.database), "backup.tar");
  const back_up = () => server.manage("backup", file());

  /** @param {Record<string, string>} [settings] @param {string[]} [more] */
  async function put_back(settings = {}, more = []) {
    await server.kill();
    for (const end of ["", "-wal", "-shm"]) await rm(server.database + end, { force: true });
    await server.manage("restore", file(), ...more);
    await server.restart(settings);
    await until(() => alice.device.online && bob.device.online, "both are back");
  }

  /** @param {Person} one @param {Person} other @param {string} text */
  async function reaches(one, other, text) {
    await one.say(other, text);
    await other.hears(one, text);
    await one.sees_status(other, text, "delivered");
  }

  it("tells both, and delivers what is written after it", async () => {
    await back_up();
    for (const text of ["one", "two", "three"]) await reaches(alice, bob, text);
    await put_back();
    await reaches(alice, bob, "after it");
    await reaches(bob, alice, "an answer");
    for (const [one, other] of [
      [alice, bob],
      [bob, alice],
    ]) {
      const notices = await one.notices(other);
      assert.equal(notices.filter((code) => code === "server_restored").length, 1);
      assert.ok(!notices.includes("history_differs"), notices.join());
      assert.deepEqual(await one.texts(other).then((texts) => texts.slice(-5)), ["one", "two", "three", "after it", "an answer"]);
      assert.ok(one.alert_codes.includes("server_restored"));
    }
  });

  /** Somebody comes after the copy, and both have seen the log since. */
  async function let_the_log_grow() {
    others.push(await Person.sign_up(server.origin, `carol${Date.now() % 10_000}`));
    for (const person of [alice, bob]) await look(person);
  }

  /** @param {Person} person */
  const look = (person) => person.do("check_key_log").catch(() => undefined);

  /** @param {Person} person @returns {Promise<string | undefined>} the code of its red page */
  const alarm = async (person) => (await person.device.store.get("meta", "key_log"))?.alarm?.code;

  for (const { title, settings, code } of [
    { title: "shows a red page where its log is smaller", settings: {}, code: "log_rolled_back" },
    { title: "shows another red page where its log has another key", settings: { KEYLOG_KEY: NEW_KEY }, code: "log_key_changed" },
  ]) {
    it(title, async () => {
      await back_up();
      await let_the_log_grow();
      await put_back(settings);
      for (const person of [alice, bob]) {
        await look(person);
        assert.equal(await alarm(person), code);
      }
    });
  }

  it("says nothing of a log that goes on with its newest export", async () => {
    await back_up();
    await let_the_log_grow();
    const log = join(dirname(server.database), "newest.log");
    await server.manage("export_log", log);
    await put_back({}, ["--log", log]);
    for (const person of [alice, bob]) {
      await look(person);
      assert.equal(await alarm(person), undefined);
    }
    await reaches(alice, bob, "after it");
  });

  it("lets a group talk on that has changed since, and who has missed the change comes in again", async () => {
    const people = await people_who_know_each_other(server.origin, ["ann", "ben", "cleo"]);
    others.push(...people);
    const [ann, ben, cleo] = people;
    const id = await make_group(ann, [ben, cleo]);
    await back_up();
    ben.session.close();
    await ann.do("change_group", { conversation: id, title: "changed" });
    await until(async () => (await group_of(cleo, id)).title === "changed", "cleo knows");
    await put_back();
    await ben.reload();
    await say_in(ann, id, "after it");
    await all_hear([cleo], id, "after it");
    await until(async () => {
      await say_in(cleo, id, `is ben here? ${Date.now()}`);
      return (await texts_in(ben, id)).some((text) => text.startsWith("is ben here?"));
    }, "ben comes in");
    await say_in(ben, id, "here I am");
    await all_hear([ann, cleo], id, "here I am");
  });
});

describe("a server that only says so", { timeout: 240_000 }, () => {
  it("keeps nothing from somebody who is not told, and they talk on", async () => {
    const server = await start_server();
    const mark = await sha256(label("server restored"));
    let lies = false;
    const tamper = (/** @type {any} */ frame) =>
      lies && frame.envelopes
        ? { ...frame, envelopes: frame.envelopes.map((/** @type {any} */ one) => ({ ...one, kind: "notice", body: null, hash: mark })) }
        : frame;
    const [alice, bob] = await two_people(server.origin, [{ make_socket: tampering_sockets(server.origin, () => tamper) }, {}]);
    lies = true;
    await bob.say(alice, "kept from her");
    await until(async () => (await alice.notices(bob)).includes("server_restored"), "she is told");
    lies = false;
    await alice.say(bob, "what was that?");
    await bob.hears(alice, "what was that?");
    await bob.say(alice, "look above");
    await alice.hears(bob, "look above");
    assert.ok(!(await alice.texts(bob)).includes("kept from her"));
    assert.ok(alice.alert_codes.includes("server_restored"));
    for (const person of [alice, bob]) person.close();
    await server.stop();
  });
});
