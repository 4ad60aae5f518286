// @ts-check
// A group of somebody whom one does not talk with, and others' links into one's own.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, faults_of, group_of, is_told, make_group, members_of, messages_in, notices_in, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { Person } from "../../support/people.js";
import { start_server } from "../../support/server.js";

describe("a group and those who are new to it", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let eve;
  /** @type {Person} */
  let zoe;
  let id = "";
  let link = "";

  before(async () => {
    server = await start_server();
    [ana, ben] = await people_who_know_each_other(server.origin, ["ana", "ben"]);
    [eve, zoe] = await Promise.all(["eve", "zoe"].map((name) => Person.sign_up(server.origin, name)));
  });
  after(async () => {
    close_all([ana, ben, eve, zoe]);
    await server?.stop();
  });

  it("is a request to whom a stranger has added, and nobody is told anything until it is accepted", async () => {
    id = await make_group(ana, [ben]);
    await ana.do("add_to_group", { conversation: id, accounts: [eve.account] });
    await until(async () => (await entry_of(eve, id))?.title === "the group");
    assert.equal((await entry_of(eve, id)).state, "request");
    await say_in(ana, id, "are you there?");
    await all_hear([eve], id, "are you there?");
    const head = (await eve.device.store.get("cursors", id)).sequence;
    await eve.reload();
    await until(async () => (await entry_of(eve, id))?.state === "request");
    await say_in(ana, id, "and now?");
    await all_hear([eve, ben], id, "and now?");
    // Ana's text and Ben's receipts came; of Eve there is nothing.
    const sent = (await ana.device.store.list("messages", { prefix: `m/${id}/` })).flatMap(({ value }) => Object.keys(value.receipts ?? {}));
    assert.ok(head > 0 && !sent.includes(eve.account));
  });

  it("is left alone by who declines it: what is written there does not come", async () => {
    await eve.do("decline_request", { conversation: id });
    assert.equal((await entry_of(eve, id)).state, "declined");
    await say_in(ana, id, "nobody there");
    await all_hear([ben], id, "nobody there");
    assert.ok(!(await texts_in(eve, id)).includes("nobody there"));
  });

  it("is entered again by who has thought better of it, and talked in", async () => {
    await eve.do("accept_request", { conversation: id });
    await until(async () => !(await eve.device.store.get("cursors", id)).behind, "eve is in the group");
    await say_in(eve, id, "here I am");
    await all_hear([ana, ben], id, "here I am");
    await say_in(ben, id, "hello eve");
    await all_hear([eve], id, "hello eve");
  });

  it("is asked for by its link, in a conversation with who made it, who lets in", async () => {
    await assert.rejects(ben.do("make_group_link", { conversation: id }), { code: "not_allowed" });
    ({ link } = await ana.do("make_group_link", { conversation: id }));
    assert.equal((await group_of(ana, id)).link, true);
    const fragment = new URL(link).hash.slice(1);
    assert.ok(fragment.startsWith("g/"));
    const found = await zoe.do("read_group_link", { fragment });
    assert.deepEqual(found, { account: ana.account, username: ana.name, own: false, known: false });
    assert.deepEqual(await zoe.do("join_by_link", { fragment }), { conversation: ana.account });
    const request = await until(async () => (await ana.messages(zoe)).find(({ type }) => type === "join_request"));
    assert.deepEqual([request.group, request.author.username, request.answered], [id, "zoe", undefined]);
    assert.equal((await entry_of(ana, zoe.account)).state, "active");
    assert.ok(!(await members_of(ana, id)).includes("zoe"));
    await ana.do("answer_join_request", { conversation: zoe.account, id: request.id, accept: true });
    await until(async () => (await entry_of(zoe, id))?.state === "active");
    await say_in(zoe, id, "thank you");
    await all_hear([ana, ben, eve], id, "thank you");
    await is_told(ben, id, `added ${ana.name} zoe`);
    const answered = (await ana.messages(zoe)).find(({ type }) => type === "join_request");
    assert.equal(answered.answered, "added");
    await assert.rejects(ana.do("answer_join_request", { conversation: zoe.account, id: request.id, accept: false }), { code: "not_found" });
  });

  it("is closed to who is refused, and to who has a link that was stopped", async () => {
    const [max, ida] = await Promise.all(["max", "ida"].map((name) => Person.sign_up(server.origin, name)));
    const fragment = new URL(link).hash;
    await max.do("join_by_link", { fragment });
    const request = await until(async () => (await ana.messages(max)).find(({ type }) => type === "join_request"));
    await ana.do("answer_join_request", { conversation: max.account, id: request.id, accept: false });
    await ana.do("revoke_group_link", { conversation: id });
    assert.equal((await group_of(ana, id)).link, false);
    await ida.do("join_by_link", { fragment });
    await until(async () => (await ana.notices(ida)).includes("join_unknown"));
    assert.equal((await entry_of(ana, ida.account)).state, "request", "as of anybody else who is new");
    assert.ok(!(await ana.messages(ida)).some(({ type }) => type === "join_request"));
    for (const name of ["max", "ida"]) assert.ok(!(await members_of(ana, id)).includes(name));
    assert.equal(await entry_of(max, id), null);
    close_all([max, ida]);
    assert.deepEqual(faults_of([max, ida]), []);
  });

  it("refuses to guess at links that are none", async () => {
    await assert.rejects(zoe.do("read_group_link", { fragment: "g/abc" }), { code: "invitation_invalid" });
    await assert.rejects(zoe.do("join_by_link", { fragment: new URL(link).hash.replace("g/", "i=") }), { code: "invitation_invalid" });
  });

  it("without a fault of our own", async () => {
    assert.deepEqual(faults_of([ana, ben, eve, zoe]), []);
    assert.ok(!(await notices_in(ana, id)).some((notice) => notice.startsWith("undecryptable") || notice.startsWith("commit_refused")));
    assert.ok((await messages_in(ana, id)).length > 0);
  });
});
