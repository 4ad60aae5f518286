// @ts-check
// A member whose browser obeys nobody: what the others see, and that they go on.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { from_base64url, to_base64url } from "../../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { make_part } from "../../../../static/js/protocol/group_state.js";
import { add_members, change_context, describe as describe_group, remove_members, update_keys } from "../../../../static/js/protocol/mls.js";
import { claim_devices } from "../../../../static/js/session/claim_devices.js";
import { commit_change } from "../../../../static/js/session/commit_change.js";
import { rules_in, settings_in } from "../../../../static/js/session/groups/group_rules_of.js";
import { queue_content } from "../../../../static/js/session/queue_content.js";
import { mailbox_lock } from "../../../../static/js/session/receive_envelopes.js";
import { refresh_contact } from "../../../../static/js/session/refresh_contact.js";
import { until } from "../../support/browser.js";
import { seize_group } from "../../support/changed_client.js";
import {
  all_hear, close_all, entry_of, epoch_of, faults_of, group_of, is_told, make_group, members_of, messages_in, notices_in, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { start_server } from "../../support/server.js";

/** @import { Person } from "../../support/people.js" */

describe("a member with a changed client", { timeout: 180_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let mallory;
  /** @type {Person} */
  let eve;
  let id = "";

  before(async () => {
    server = await start_server();
    [ana, ben, mallory, eve] = await people_who_know_each_other(server.origin, ["ana", "ben", "mallory", "eve"]);
  });
  after(async () => {
    close_all([ana, ben, mallory, eve]);
    await server?.stop();
  });

  /** A new group: her own place in one is lost with what she does. */
  async function begin() {
    id = await make_group(ana, [ben, mallory]);
    await say_in(mallory, id, "hello");
    await all_hear([ana, ben], id, "hello");
  }

  /** @param {(group: any, policy: any) => Promise<any>} make */
  async function commit(make) {
    const { device } = mallory;
    const commit_once = () =>
      commit_change(device, id, (group, policy) => {
        policy.rules = null;
        return make(group, policy);
      });
    // Others may just have had new keys to tell.
    await until(async () => (await device.mutexes.run(mailbox_lock(id), commit_once)) === "accepted");
  }

  /** Both others were told, are where they were, and talk. @param {string} code @param {string[]} members */
  async function it_was_refused(code, members) {
    for (const person of [ana, ben]) await is_told(person, id, `${code} ${mallory.name}`);
    for (const [at, person] of [ana, ben].entries()) assert.deepEqual(await members_of(person, id), members, String(at));
    await say_in(ana, id, `after ${code}`);
    await all_hear([ben], id, `after ${code}`);
    await say_in(ben, id, `so it is: ${code}`);
    await all_hear([ana], id, `so it is: ${code}`);
    assert.equal(await epoch_of(ana, id), await epoch_of(ben, id));
    for (const person of [ana, ben]) assert.equal((await entry_of(person, id)).state, "active");
  }

  it("adds somebody: refused, and nobody outside reads what follows", async () => {
    await begin();
    const { device } = mallory;
    const { suite } = describe_group(await device.groups.get(id));
    const { chain } = await refresh_contact(device, ana.account);
    assert.ok(chain);
    // Whoever shares a conversation with her can be claimed: Eve is open to strangers.
    const eves = await claim_devices(device, (await refresh_contact(device, eve.account)).chain, suite);
    await commit((group, policy) => add_members(group, eves, policy));
    // She goes on alone, so that what she sends says that others are ahead.
    for (let more = 0; more < 2; more += 1) await commit((group, policy) => update_keys(group, policy));
    await it_was_refused("refused_add", [ana.name, ben.name, mallory.name]);
    // Eve was let into Mallory's group alone, as by a stranger: what the others say she can't read.
    const seen = await eve.ask("conversation", { id });
    assert.ok(seen === null || seen.state === "request");
    assert.deepEqual(await texts_in(eve, id), []);
  });

  it("removes somebody: refused, who was to be removed goes on", async () => {
    await begin();
    await commit((group, policy) => remove_members(group, leaves_of(group, ben), policy));
    await it_was_refused("refused_remove", [ana.name, ben.name, mallory.name]);
  });

  it("makes herself an owner: refused, and she is none", async () => {
    await begin();
    await seize_group(mallory, id);
    await it_was_refused("refused_roles", [ana.name, ben.name, mallory.name]);
    const { members } = await group_of(ben, id);
    assert.equal(members.find((/** @type {any} */ { account }) => account === mallory.account).role, "member");
  });

  it("changes settings that only admins may: refused, the title stays", async () => {
    await begin();
    await ana.do("change_group", { conversation: id, who_edits: "admins" });
    await until(async () => (await group_of(ben, id)).who_edits === "admins" && (await group_of(mallory, id)).who_edits === "admins");
    const record = (await mallory.device.store.get("conversations", id)).group;
    const settings = /** @type {any} */ (await settings_in(record));
    const part = await make_part("settings", { ...settings, title: "mine now" }, mallory.device.random);
    await commit(async (group, policy) => ({
      ...(await change_context(group, { settings: part.hash }, policy)),
      states: [{ part: "settings", salt: part.salt, value: part.value }],
    }));
    await it_was_refused("refused_settings", [ana.name, ben.name, mallory.name]);
    assert.equal((await group_of(ana, id)).title, "the group");
  });

  it("changes what members may do, where they may change the title: refused, and it stays", async () => {
    await begin();
    const record = (await mallory.device.store.get("conversations", id)).group;
    const { rights } = /** @type {any} */ (await rules_in(record));
    const part = await make_part("rights", { ...rights, who_adds: "members" }, mallory.device.random);
    await commit(async (group, policy) => ({
      ...(await change_context(group, { rights: part.hash }, policy)),
      states: [{ part: "rights", salt: part.salt, value: part.value }],
    }));
    await it_was_refused("refused_rights", [ana.name, ben.name, mallory.name]);
    for (const person of [ana, ben]) assert.equal((await group_of(person, id)).who_adds, "admins");
  });

  it("has the group agree on settings that nobody is shown: who is let in has those of before, and judges", async () => {
    await begin();
    await ana.do("change_group", { conversation: id, timer: 3600 });
    await until(async () => (await group_of(mallory, id)).timer === 3600 && (await group_of(ben, id)).timer === 3600);
    await commit((group, policy) => change_context(group, { settings: random_bytes(32) }, policy));
    await ana.do("add_to_group", { conversation: id, accounts: [eve.account] });
    await until(async () => (await group_of(eve, id))?.title === "the group", "eve has the settings that are in force");
    assert.equal((await group_of(eve, id)).timer, 3600);
    await say_in(eve, id, "hello, I am new");
    await all_hear([ana, ben, mallory], id, "hello, I am new");
    // Whoever has read the roles alone judges by them.
    await eve.device.store.transaction((changes) =>
      changes.update("conversations", id, ({ group }) => Object.assign(group, { rights: null, settings: null, kept: [] })),
    );
    await seize_group(mallory, id);
    await is_told(eve, id, `refused_roles ${mallory.name}`);
    await it_was_refused("refused_roles", [ana.name, ben.name, mallory.name, eve.name]);
    await all_hear([eve], id, "so it is: refused_roles");
    assert.deepEqual((await group_of(eve, id)).members.map((/** @type {any} */ { role }) => role), ["owner", "member", "member", "member"]);
  });

  it("sends a state that the group has not agreed on: nobody takes it", async () => {
    await begin();
    const roles = { v: /** @type {const} */ (1), owners: [from_base64url(mallory.account)], admins: [] };
    const { salt, value } = await make_part("roles", roles, mallory.device.random);
    await mallory.device.store.transaction(async (changes) => {
      const conversation = await changes.get("conversations", id);
      queue_content(changes, mallory.device, conversation, { type: "state", body: { part: "roles", salt, value } });
      changes.put("conversations", id, conversation);
    });
    await say_in(mallory, id, "look what I sent");
    await all_hear([ana, ben], id, "look what I sent");
    for (const person of [ana, ben]) assert.equal((await group_of(person, id)).members[0].role, "owner");
    assert.ok(!(await notices_in(ben, id)).some((notice) => notice.startsWith("role_changed")));
  });

  it("writes where only admins write: it is not shown, and said", async () => {
    await begin();
    await ana.do("change_group", { conversation: id, who_writes: "admins" });
    await until(async () => (await group_of(mallory, id)).may.write === false && (await group_of(ben, id)).may.write === false);
    await mallory.device.store.transaction(async (changes) => {
      const conversation = await changes.get("conversations", id);
      queue_content(changes, mallory.device, conversation, { type: "text", body: { text: "listen to me" } });
      queue_content(changes, mallory.device, conversation, { type: "text", body: { text: "all of you" } });
      changes.put("conversations", id, conversation);
    });
    mallory.device.tasks.flush(id);
    for (const person of [ana, ben]) await is_told(person, id, `refused_write ${mallory.name}`);
    await say_in(ana, id, "only I");
    await all_hear([ben], id, "only I");
    for (const person of [ana, ben]) {
      assert.ok(!(await messages_in(person, id)).some(({ text }) => text === "listen to me" || text === "all of you"));
      assert.equal((await notices_in(person, id)).filter((notice) => notice.startsWith("refused_write")).length, 1);
    }
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
