// @ts-check
// Past messages that somebody should not have (ATTACKS 13): from whom they are taken, and what of them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../../static/js/codec/base64url.js";
import { pack } from "../../../../static/js/codec/msgpack.js";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { seal_file } from "../../../../static/js/session/files/seal_file.js";
import { read_parts, upload_id } from "../../../../static/js/session/files/stored_parts.js";
import { until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, faults_of, is_told, make_group, messages_in, notices_in, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { send_content } from "../../support/said.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("past messages of somebody who lies", { timeout: 300_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let mallory;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let cem;
  let id = "";
  /** By how much cem's clock is ahead: milliseconds. */
  let ahead = 0;
  /** What cem's browser asks of the server. @type {string[]} */
  const asked = [];

  before(async () => {
    server = await start_server({ RATE_UPLOAD: "", RATE_DOWNLOAD: "" });
    /** @param {string} input @param {RequestInit} init */
    const noted_fetch = (input, init) => {
      asked.push(input);
      return fetch(input, init);
    };
    [mallory, ben, cem] = await people_who_know_each_other(server.origin, ["mallory", "ben", "cem"], [
      ...[{}, {}],
      { fetch: noted_fetch, now: () => Date.now() + ahead },
    ]);
  });
  after(async () => {
    close_all([mallory, ben, cem]);
    await server?.stop();
  });

  /** A new group of hers, into which she lets cem without giving him anything. */
  async function begin() {
    id = await make_group(mallory, [ben]);
    await say_in(ben, id, "before cem");
    await all_hear([mallory], id, "before cem");
    await mallory.do("add_to_group", { conversation: id, accounts: [cem.account] });
    await until(async () => (await entry_of(cem, id))?.state === "active", "cem is in it");
    await say_in(cem, id, "hello");
    await all_hear([mallory, ben], id, "hello");
  }

  /** @param {Person} from @returns {Promise<any>} where nothing else is looked at than the mailbox, which is the group's */
  const in_group = async (from) => (await from.device.store.get("conversations", id), { account: id });

  /** @param {Person} by @param {number} sequence @param {any} [fields] */
  function made_up(by, sequence, fields = {}) {
    const [group, now] = [from_base64url(id), Date.now()];
    return {
      ...{ conversation: group, id: random_bytes(16), author: from_base64url(ben.account), time: now, received: now, type: "shared", group: true },
      ...{ place: { mailbox: group, sequence }, shared_by: from_base64url(by.account), text: `made up ${sequence}` },
      ...fields,
    };
  }

  /** @param {Person} from @param {any[]} messages @param {any} [more] @returns {Promise<void>} */
  async function give(from, messages, more = {}) {
    const { device } = from;
    const blob = new Blob([pack({ v: 1, messages })]);
    const sealed = await seal_file(device, blob);
    const name = to_base64url(sealed.id);
    const upload = await device.store.get("files", upload_id(name));
    await device.api.begin_attachment({ id: name, size: upload.stored });
    await device.api.put_attachment(name, 0, await read_parts(device, upload, 0, upload.stored), new AbortController().signal);
    const { size = blob.size, ...fields } = more;
    const body = { file: { ...sealed, size }, for: [from_base64url(cem.account)], count: messages.length, ...fields };
    await send_content(from, await in_group(from), { type: "history", body });
  }

  /** Whatever was sent before has been judged. */
  async function it_is_over() {
    const text = `over ${to_base64url(random_bytes(6))}`;
    await say_in(ben, id, text);
    await all_hear([cem, mallory], id, text);
    await until(async () => !(await cem.device.store.get("conversations", id)).group.history, "nothing is under way");
  }

  /** @returns {Promise<string[]>} */
  const made_up_texts = async () => (await texts_in(cem, id)).filter((text) => text?.startsWith("made up"));

  it("who has not let one in is refused and named, and nothing is fetched", async () => {
    await begin();
    asked.length = 0;
    await give(ben, [made_up(ben, 1)]);
    await is_told(cem, id, `refused_history ${ben.name}`);
    await it_is_over();
    assert.deepEqual(await made_up_texts(), []);
    assert.ok(!asked.some((address) => address.includes("/attachments/")));
    // The others learn of it as it was said.
    await is_told(mallory, id, `history_given ${ben.name} ${cem.name}`);
  });

  it("who has let one in gives once and no more", async () => {
    await begin();
    await give(mallory, [made_up(mallory, 1)]);
    await is_told(cem, id, `history_given ${mallory.name} ${cem.name}`);
    await until(async () => (await made_up_texts()).length === 1, "it is taken");
    await give(mallory, [made_up(mallory, 2)]);
    await it_is_over();
    assert.deepEqual(await made_up_texts(), ["made up 1"]);
    assert.ok(!(await notices_in(cem, id)).some((notice) => notice.startsWith("refused_history")), "it may be of an earlier time that she let him in");
    const [{ author, shared_by }] = (await messages_in(cem, id)).filter(({ text }) => text === "made up 1");
    assert.deepEqual([author.username, shared_by.username], [ben.name, mallory.name]);
  });

  it("who has let one in long ago gives nothing any more", async () => {
    await begin();
    ahead = 8 * 86_400_000;
    try {
      await give(mallory, [made_up(mallory, 1)]);
      await is_told(cem, id, `history_given ${mallory.name} ${cem.name}`);
      await it_is_over();
      assert.deepEqual(await made_up_texts(), []);
    } finally {
      ahead = 0;
    }
  });

  for (const [what, make] of /** @type {[string, () => any[]][]} */ ([
    ["of another conversation", () => [made_up(mallory, 1), made_up(mallory, 2, { conversation: random_bytes(16) })]],
    ["in somebody else's name", () => [made_up(mallory, 1), made_up(ben, 2)]],
    ["from after one came in", () => [made_up(mallory, 1), made_up(mallory, 1_000_000)]],
    ["of no form", () => [made_up(mallory, 1), { text: "made up" }]],
    ["out of order", () => [made_up(mallory, 2), made_up(mallory, 1)]],
  ])) {
    it(`with one message ${what} nothing of them is taken, and that is said`, async () => {
      await begin();
      await give(mallory, make());
      await is_told(cem, id, `history_damaged ${mallory.name}`);
      await it_is_over();
      assert.deepEqual(await made_up_texts(), []);
    });
  }

  it("of another number, or of another file, than was told nothing is taken", async () => {
    await begin();
    await give(mallory, [made_up(mallory, 1)], { count: 2 });
    await is_told(cem, id, `history_damaged ${mallory.name}`);
    await begin();
    await give(mallory, [made_up(mallory, 1)], { size: 2_000_000 });
    await is_told(cem, id, `history_damaged ${mallory.name}`);
    await begin();
    await give(mallory, [made_up(mallory, 1)], { file: { id: random_bytes(16), key: random_bytes(32), digest: random_bytes(32), size: 300 } });
    await is_told(cem, id, `history_damaged ${mallory.name}`);
    await it_is_over();
    assert.deepEqual(await made_up_texts(), []);
  });

  it("larger than anybody may give is no content at all", async () => {
    await begin();
    asked.length = 0;
    await give(mallory, [made_up(mallory, 1)], { file: { id: random_bytes(16), key: random_bytes(32), digest: random_bytes(32), size: 8_388_609 } });
    await it_is_over();
    assert.ok(!(await notices_in(cem, id)).some((notice) => notice.startsWith("history_given")));
    assert.ok(!asked.some((address) => address.includes("/attachments/")));
  });

  it("a real message is never replaced by one that is given, and takes the place of one that was, with what was done to each", async () => {
    await begin();
    const { id: real } = (await messages_in(cem, id)).find(({ text }) => text === "hello");
    const coming = random_bytes(16);
    // As if she knew the id of what is yet to be said; and deleted, as its author, what she has put there.
    await give(mallory, [
      made_up(mallory, 1, { id: from_base64url(real), text: "made up hello" }),
      made_up(mallory, 2, { id: coming, author: from_base64url(mallory.account) }),
    ]);
    await until(async () => (await made_up_texts()).length > 0, "it is taken");
    assert.deepEqual(await made_up_texts(), ["made up 2"]);
    await send_content(mallory, await in_group(mallory), { type: "delete", body: { to: coming } });
    await until(async () => (await made_up_texts()).length === 0, "it is deleted");
    await send_content(ben, await in_group(ben), { type: "reaction", body: { to: from_base64url(real), emoji: "👍" } });
    await send_content(ben, await in_group(ben), { type: "text", body: { text: "what ben really said" }, id: coming });
    await all_hear([cem], id, "what ben really said");
    const shown = await messages_in(cem, id);
    const said = shown.find((message) => message.id === to_base64url(coming));
    assert.deepEqual([said.author.username, said.shared_by, said.text], [ben.name, undefined, "what ben really said"]);
    assert.equal(shown.at(-1).id, said.id);
    await until(async () => (await messages_in(cem, id)).find((message) => message.id === real).reactions);
    assert.equal((await texts_in(cem, id)).filter((text) => text === "hello").length, 1);
    await it_is_over();
  });

  it("who changes a message that is said to be another's is not named, and the change is there with the message itself", async () => {
    await begin();
    const coming = random_bytes(16);
    await give(mallory, [made_up(mallory, 1, { id: coming, author: from_base64url(mallory.account) })]);
    await until(async () => (await made_up_texts()).length > 0, "it is taken");
    await send_content(ben, await in_group(ben), { type: "edit", body: { to: coming, text: "what ben meant" } });
    await it_is_over();
    assert.ok(!(await notices_in(cem, id)).some((notice) => notice.startsWith("refused_edit")));
    assert.deepEqual(await made_up_texts(), ["made up 1"]);
    await send_content(ben, await in_group(ben), { type: "text", body: { text: "what ben really said" }, id: coming });
    await all_hear([cem], id, "what ben meant");
    await it_is_over();
  });

  it("what one has said oneself nobody tells one, nor how one has reacted", async () => {
    await begin();
    const own = from_base64url(cem.account);
    await give(mallory, [
      made_up(mallory, 1, { author: own, text: "made up by cem" }),
      made_up(mallory, 2, { reactions: [{ author: own, emoji: "👍", time: 1 }, { author: from_base64url(ben.account), emoji: "words", time: 1 }] }),
    ]);
    await until(async () => (await made_up_texts()).length > 0, "it is taken");
    assert.deepEqual(await made_up_texts(), ["made up 2"]);
    assert.equal((await messages_in(cem, id)).find(({ text }) => text === "made up 2").reactions, undefined);
  });

  it("what its author does later counts, whatever time the giver has told", async () => {
    await begin();
    const [text, late] = [random_bytes(16), 8_640_000_000_000_000];
    const reactions = [{ author: from_base64url(ben.account), emoji: "👍", time: late }];
    await give(mallory, [made_up(mallory, 1, { id: text, edited: late, time: late, received: late, reactions })]);
    await until(async () => (await made_up_texts()).length > 0, "it is taken");
    assert.ok((await entry_of(cem, id)).last.text === "hello" || (await messages_in(cem, id))[0].text === "made up 1");
    await send_content(ben, await in_group(ben), { type: "edit", body: { to: text, text: "so it is" } });
    await send_content(ben, await in_group(ben), { type: "reaction", body: { to: text, emoji: "❤️" } });
    await all_hear([cem], id, "so it is");
    await until(async () => (await messages_in(cem, id))[0].reactions?.[0].emoji === "❤️");
    const { edits } = await cem.ask("message_details", { conversation: id, id: to_base64url(text) });
    assert.deepEqual(edits, []);
    await it_is_over();
  });

  it("without a fault of our own", () => {
    assert.deepEqual(faults_of([ben, cem]), []);
  });
});
