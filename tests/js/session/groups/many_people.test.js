// @ts-check
// More people than one commit has room for: MEMBERS=50 for more of them, which takes minutes (`make fifty`).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../../support/browser.js";
import { all_hear, close_all, entry_of, faults_of, members_of, notices_in, say_in } from "../../support/groups.js";
import { Person } from "../../support/people.js";
import { start_server } from "../../support/server.js";

const COUNT = Number(process.env.MEMBERS ?? 20);

/** All of them share one process here. @param {() => Promise<void>} work that may be given up and begun again */
async function patiently(work) {
  for (let left = 6; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

describe(`a group of ${COUNT}`, { timeout: 30_000 * COUNT }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person[]} */
  const people = [];
  let id = "";

  before(async () => {
    server = await start_server();
    for (let at = 0; at < COUNT; at += 1) people.push(await Person.sign_up(server.origin, `person${at}`));
  });
  after(async () => {
    close_all(people);
    await server?.stop();
  });

  it("are all in the group in the end, though the first commit has no room for all", async () => {
    const [maker, ...others] = people;
    ({ conversation: id } = await maker.do("create_group", { title: "many", members: others.map(({ account }) => account) }));
    const at_first = (await maker.device.store.get("conversations", id)).group;
    assert.ok(at_first.wanted.length > 0);
    for (let size = 2; size <= COUNT; size += 1) await until(async () => (await members_of(maker, id)).length >= size, `${size} are in`);
    await until(async () => !(await maker.device.store.get("conversations", id)).group.wanted, "nothing is left to do");
    for (const person of others) await until(async () => (await entry_of(person, id))?.title === "many", person.name);
    assert.ok(!(await notices_in(maker, id)).some((notice) => notice.startsWith("not_added")));
  });

  it("hear each other once they have accepted", async () => {
    const [maker, ...others] = people;
    await Promise.all(others.map((person) => person.do("accept_request", { conversation: id })));
    await say_in(maker, id, "hello to all");
    await patiently(() => all_hear(others, id, "hello to all"));
    await say_in(others[COUNT - 2], id, "hello from the last");
    // Each of them has new keys of its own first.
    await patiently(() => all_hear(people, id, "hello from the last"));
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of(people), []);
  });
});
