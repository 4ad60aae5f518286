// @ts-check
// What a member with a client of its own can do to the messages of others (ATTACKS 25, 35): nothing.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url } from "../../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { is_restored, add_device } from "../../support/archives.js";
import { until } from "../../support/browser.js";
import { Person, two_people } from "../../support/people.js";
import { said, send_content, shown } from "../../support/said.js";
import { start_server } from "../../support/server.js";

describe("a member with a client of its own", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let alice;
  /** @type {Person} */
  let mallory;
  /** @type {Person} */
  let carol;
  /** @type {Person} */
  let second;
  let recovery_key = "";
  let id = "";

  before(async () => {
    server = await start_server();
    [alice, mallory] = await two_people(server.origin);
    recovery_key = await alice.do("pending_recovery_key");
    carol = await Person.sign_up(server.origin, "carol");
    await carol.meet(alice);
    await alice.say(carol, "to carol");
    await alice.sees_status(carol, "to carol", "delivered");
    ({ id } = await said(alice, mallory, "second"));
  });
  after(async () => {
    for (const person of [alice, mallory, carol, second]) person?.close();
    await server?.stop();
  });

  let marks = 0;
  /** What was sent before this has been looked at. */
  async function all_taken() {
    marks += 1;
    const mark = await send_content(mallory, alice, { type: "text", body: { text: `mark ${marks}` } });
    await alice.hears(mallory, `mark ${marks}`);
    return mark;
  }
  /** @param {string} type @param {object} body @param {Uint8Array} [content_id] */
  async function attack(type, body, content_id) {
    await send_content(mallory, alice, { type, body, ...(content_id ? { id: content_id } : {}) });
    await all_taken();
  }
  const to = () => from_base64url(id);

  it("changes and deletes nothing of another's, and is named for having tried", async () => {
    const before_it = await shown(alice, mallory, id);
    await attack("edit", { to: to(), text: "what was never said" });
    await attack("delete", { to: to() });
    assert.deepEqual(await shown(alice, mallory, id), before_it);
    const notices = (await alice.messages(mallory)).filter(({ type }) => type === "notice");
    assert.deepEqual(notices.map(({ code, author }) => [code, author.username]), [
      ["refused_edit", mallory.name],
      ["refused_delete", mallory.name],
    ]);
  });

  it("reaches no message of another conversation", async () => {
    const { id: elsewhere } = await said(alice, carol, "to carol");
    const before_it = await alice.messages(carol);
    for (const [type, body] of /** @type {[string, object][]} */ ([
      ["reaction", { emoji: "👍" }],
      ["pin", { pinned: true }],
      ["delete", {}],
      ["edit", { text: "what was never said" }],
    ])) {
      await attack(type, { to: from_base64url(elsewhere), ...body });
    }
    assert.deepEqual(await alice.messages(carol), before_it);
    assert.deepEqual(await alice.ask("pinned", { conversation: carol.account }), []);
  });

  it("puts no words into a reaction, and reacts once", async () => {
    await attack("reaction", { to: to(), emoji: "believe me" });
    assert.equal((await shown(alice, mallory, id)).reactions, undefined);
    for (const emoji of ["👍", "🎉"]) await attack("reaction", { to: to(), emoji });
    assert.deepEqual((await shown(alice, mallory, id)).reactions.map((/** @type {any} */ { emoji, count }) => [emoji, count]), [["🎉", 1]]);
  });

  it("brings nothing back that its author has deleted", async () => {
    const { id: gone } = await alice.do("send_text", { conversation: mallory.account, text: "gone soon" });
    await mallory.hears(alice, "gone soon");
    await alice.do("delete_message", { conversation: mallory.account, id: gone, for: "all" });
    for (const [type, body] of /** @type {[string, object][]} */ ([["reaction", { emoji: "👍" }], ["pin", { pinned: true }]])) {
      await attack(type, { to: from_base64url(gone), ...body });
    }
    await attack("text", { text: "gone soon, it said" }, from_base64url(gone));
    const { deleted, reactions, pinned, text } = await shown(alice, mallory, gone);
    assert.deepEqual([deleted, reactions, pinned, text], ["all", undefined, undefined, undefined]);
  });

  it("keeps nothing pinned by a clock that is ahead, and silences no timer so", async () => {
    await send_content(mallory, alice, { type: "pin", body: { to: to(), pinned: true }, time: 8_640_000_000_000_000 });
    await send_content(mallory, alice, { type: "timer", body: { seconds: 3600 }, time: 8_640_000_000_000_000 });
    await all_taken();
    assert.ok((await shown(alice, mallory, id)).pinned);
    await alice.do("pin_message", { conversation: mallory.account, id, pinned: false });
    assert.equal((await shown(alice, mallory, id)).pinned, undefined);
    await alice.do("set_timer", { conversation: mallory.account, seconds: 0 });
    assert.equal((await alice.ask("conversation", { id: mallory.account })).timer, 0);
  });

  it("says nothing of what it has got that is not for it to say", async () => {
    const own = (await said(mallory, alice, "first")).id;
    const { id: elsewhere } = await said(alice, carol, "to carol");
    await until(async () => (await shown(alice, carol, elsewhere)).status === "delivered");
    const before_it = [await shown(alice, mallory, own), await shown(alice, carol, elsewhere)];
    const ids = [own, elsewhere].map(from_base64url);
    await attack("receipt", { delivered: ids, read: [...ids, random_bytes(16)] });
    assert.deepEqual([await shown(alice, mallory, own), await shown(alice, carol, elsewhere)], before_it);
    const { receipts } = await alice.ask("message_details", { conversation: carol.account, id: elsewhere });
    assert.deepEqual(receipts.map((/** @type {any} */ { username, read }) => [username, read]), [["carol", undefined]]);
  });

  it("fills no storage with what it does to messages that never were", async () => {
    for (let number = 0; number < 260; number += 1) await send_content(mallory, alice, { type: "delete", body: { to: random_bytes(16) } });
    await all_taken();
    assert.ok((await alice.device.store.count("messages", "w/")) <= 200);
  });

  it("leaves nothing of all that in the archive but what was taken", async () => {
    await until(async () => (await alice.ask("archive")).waiting === 0, "written");
    second = await add_device(alice, server.origin, recovery_key);
    await until(() => is_restored(second), "restored");
    const seen = async (/** @type {Person} */ person) => {
      const { text, edited, deleted, pinned, reactions } = await shown(person, mallory, id);
      return { text, edited, deleted, pinned, reactions };
    };
    assert.deepEqual(await seen(second), await seen(alice));
    assert.deepEqual(await second.device.store.list("messages", { prefix: "w/" }), []);
    assert.ok(!(await second.notices(mallory)).some((code) => code.startsWith("refused")));
  });

  it("makes no fault of our own", () => {
    assert.deepEqual([alice, carol, second].flatMap(({ browser }) => browser.faults), []);
  });
});
