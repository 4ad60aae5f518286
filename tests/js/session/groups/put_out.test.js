// @ts-check
// One member tells the server, with a commit that nobody can open, that nobody else is there any more: the others go on.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { describe as describe_group, remove_members } from "../../../../static/js/protocol/mls.js";
import { commit_change } from "../../../../static/js/session/commit_change.js";
import { drain, mailbox_lock } from "../../../../static/js/session/receive_envelopes.js";
import { outgoing_commit_id } from "../../../../static/js/session/records.js";
import { until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, epoch_of, faults_of, make_group, members_of, messages_in, notices_in, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("a member who puts all others out on the server", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let mallory;
  /** Lets browsers that are held look again. @type {(() => void)[]} */
  let holds = [];

  before(async () => {
    server = await start_server();
    [ana, ben, mallory] = await people_who_know_each_other(server.origin, ["ana", "ben", "mallory"]);
  });
  afterEach(let_go);
  after(async () => {
    close_all([ana, ben, mallory]);
    await server?.stop();
  });

  /** A browser does nothing more in it: Mallory's own would put the list right. @param {string} mailbox @param {Person} [person] */
  function hold(mailbox, { device } = mallory) {
    const held = new Promise((resolve) => {
      holds.push(() => resolve(undefined));
    });
    void device.mutexes.run(mailbox_lock(mailbox), () => held);
  }

  function let_go() {
    for (const release of holds) release();
    holds = [];
  }

  /** @param {string} mailbox @param {number} [times] one right after the other */
  async function put_all_out(mailbox, times = 1) {
    const { device } = mallory;
    const lists = { members: [from_base64url(mallory.account)], subscribers: [from_base64url(device.own.device)] };
    const frame = { type: "commit.send", mailbox: from_base64url(mailbox), welcomes: [], group_info: random_bytes(10), ...lists };
    for (let done = 0; done < times; ) {
      const { slot } = await device.request({ type: "group_info.fetch", mailbox: frame.mailbox });
      const sent = device.request({ ...frame, id: random_bytes(16), slot, body: random_bytes(300) });
      done += await sent.then(() => 1, () => 0);
    }
  }

  /** @param {string} id */
  async function is_put_right(id) {
    for (const person of [ana, ben]) {
      await until(async () => {
        const cursor = await person.device.store.get("cursors", id);
        return !cursor.repair && !cursor.behind;
      }, `the list is right for ${person.name}`);
    }
  }

  it("in a group: they come back by themselves as often as she does it, talk, and remove her for good", async () => {
    const id = await make_group(ana, [ben, mallory]);
    for (const person of [mallory, ben, ana]) await say_in(person, id, `hello from ${person.name}`);
    for (const person of [mallory, ben, ana]) await all_hear([ana, ben, mallory], id, `hello from ${person.name}`);
    hold(id);
    for (const [at, times] of [1, 2, 2].entries()) {
      await put_all_out(id, times);
      await say_in(ana, id, `are you there? ${at}`);
      await all_hear([ben], id, `are you there? ${at}`);
      await say_in(ben, id, `I am: ${at}`);
      await all_hear([ana], id, `I am: ${at}`);
      await is_put_right(id);
    }
    await ana.do("remove_from_group", { conversation: id, account: mallory.account });
    for (const person of [ana, ben]) await until(async () => (await members_of(person, id)).length === 2, "she is out");
    // Once more, and no more.
    await removed_one_commits(id, { is_taken: true });
    await is_put_right(id);
    await say_in(ben, id, "in peace");
    await all_hear([ana], id, "in peace");
    await is_put_right(id);
    await removed_one_commits(id, { is_taken: false });
    assert.equal(await epoch_of(ana, id), await epoch_of(ben, id));
    for (const person of [ana, ben]) {
      assert.equal((await entry_of(person, id)).state, "active");
      assert.ok((await messages_in(person, id)).every(({ status }) => status !== "failed" && status !== "waiting"));
      assert.ok(!(await notices_in(person, id)).some((notice) => /history_differs|gap|undecryptable/.test(notice)));
    }
  });

  /** @param {string} id @param {{ is_taken: boolean }} expected */
  async function removed_one_commits(id, { is_taken }) {
    const { device } = mallory;
    const mailbox = from_base64url(id);
    const page = await device.request({ type: "envelope.drain", mailbox, after: 0, limit: 128 });
    const { slot } = page.envelopes.at(-1);
    const lists = { members: [from_base64url(mallory.account)], subscribers: [from_base64url(device.own.device)] };
    const frame = { type: "commit.send", mailbox, id: random_bytes(16), slot, body: random_bytes(300), welcomes: [], group_info: random_bytes(10) };
    const outcome = await device.request({ ...frame, ...lists }).then(() => "taken", (/** @type {any} */ { code }) => code);
    assert.equal(outcome, is_taken ? "taken" : "mailbox_unknown");
  }

  it("with one person: what she wrote can be reported, and after the second time it goes on in a new group", async () => {
    await mallory.say(ana, "you will regret this");
    await ana.hears(mallory, "you will regret this");
    const { mailbox } = await ana.place(mallory);
    hold(mailbox);
    await put_all_out(mailbox);
    const said = (await ana.messages(mallory)).find((/** @type {any} */ { text }) => text === "you will regret this");
    await ana.do("report_message", { conversation: mallory.account, id: said.id });
    await until(async () => (await ana.notices(mallory)).includes("commit_refused"));
    await ana.say(mallory, "what was that?");
    await ana.sees_status(mallory, "what was that?", "stored");
    await put_all_out(mailbox);
    await ana.say(mallory, "I am not gone");
    await mallory.hears(ana, "I am not gone");
    assert.notEqual((await ana.place(mallory)).mailbox, mailbox);
    assert.equal((await ana.ask("conversation", { id: mallory.account })).state, "active");
  });

  it("where the server lets nobody back: the group stops, and says so, until another brings one back", async () => {
    const id = await make_group(ana, [ben, mallory]);
    for (const person of [mallory, ben, ana]) await say_in(person, id, `hello from ${person.name}`);
    for (const person of [mallory, ben, ana]) await all_hear([ana, ben, mallory], id, `hello from ${person.name}`);
    hold(id);
    ben.session.close();
    await put_all_out(id);
    await say_in(ana, id, "hello?");
    await until(async () => (await messages_in(ana, id)).some(({ text, status }) => text === "hello?" && status === "stored"), "ana is back");
    await put_all_out(id);
    await say_in(ana, id, "is anybody there?");
    await until(async () => (await entry_of(ana, id)).state === "stopped", "it has stopped");
    assert.equal((await entry_of(ana, id)).stopped, "mailbox_unknown");
    await ben.reload();
    await all_hear([ben], id, "is anybody there?");
    assert.equal((await entry_of(ana, id)).state, "active");
    await say_in(ben, id, "I am");
    await all_hear([ana], id, "I am");
    assert.deepEqual((await texts_in(ana, id)).slice(-2), ["is anybody there?", "I am"]);
  });

  it("who was removed meanwhile comes back to the past: takes no commit of its own, and learns that it is out", async () => {
    const id = await make_group(ana, [ben, mallory]);
    for (const person of [mallory, ben, ana]) await say_in(person, id, `hello from ${person.name}`);
    for (const person of [mallory, ben, ana]) await all_hear([ana, ben, mallory], id, `hello from ${person.name}`);
    hold(id);
    hold(id, ben);
    const { device } = ana;
    await device.mutexes.run(mailbox_lock(id), async () => {
      await put_all_out(id, 2);
      await drain(device, id);
      // Her first commit after that is the removal, so that his browser can't read it yet.
      assert.equal(await commit_change(device, id, (group, policy) => remove_members(group, leaves_of(group, ben), policy)), "lost");
    });
    assert.equal((await members_of(ana, id)).length, 2);
    const epoch = await epoch_of(ana, id);
    let_go();
    hold(id);
    await until(async () => (await entry_of(ben, id)).stopped === "removed", "he learns it");
    await until(async () => (await ben.device.store.get("outbox", outgoing_commit_id(id))) === undefined, "his commit is dropped");
    assert.ok(describe_group(await ben.device.groups.get(id)).removed);
    await until(async () => (await epoch_of(ana, id)) > epoch && !(await ana.device.store.get("cursors", id)).repair, "the list is right");
    await say_in(ana, id, "only we are here");
    await until(async () => (await messages_in(ana, id)).some(({ text, status }) => text === "only we are here" && status === "stored"));
    assert.equal((await members_of(ana, id)).length, 2);
    assert.ok(!(await texts_in(ben, id)).includes("only we are here"));
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of([ana, ben]), []);
  });
});

/** @param {any} group @param {Person} person @returns {number[]} */
function leaves_of(group, person) {
  const { members } = describe_group(group);
  return members.filter(({ account }) => to_base64url(account) === person.account).map(({ leaf }) => leaf);
}
