// @ts-check
// A server that lies about who is in a group and what was agreed on there (ATTACKS 5, 6, 7).
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { from_base64url } from "../../../../static/js/codec/base64url.js";
import { random_bytes } from "../../../../static/js/crypto/random.js";
import { add_members, create_group } from "../../../../static/js/protocol/mls.js";
import { any_hashes, key_package_of, make_device, NOW, trusting } from "../../protocol/mls_people.js";
import { until } from "../../support/browser.js";
import {
  all_hear, close_all, entry_of, epoch_of, faults_of, group_of, is_told, make_group, members_of, notices_in, people_who_know_each_other, say_in, texts_in,
} from "../../support/groups.js";
import { start_server } from "../../support/server.js";
import { stored_in } from "../../support/stored.js";
import { tampering_sockets } from "../../support/tampering_socket.js";

/** @import { Person } from "../../support/people.js" */
/** @import { Tamper } from "../../support/tampering_socket.js" */

/** @type {Tamper} */
const honest = (frame) => frame;

/** @param {(envelope: any) => any} change @returns {Tamper} */
const on_envelopes = (change) => (frame) => (frame.envelopes ? { ...frame, envelopes: frame.envelopes.map(change) } : frame);

describe("a server that lies about a group", { timeout: 240_000 }, () => {
  /** @type {import("../../support/server.js").Server} */
  let server;
  /** @type {Person} */
  let ana;
  /** @type {Person} */
  let ben;
  /** @type {Person} */
  let cem;
  let id = "";
  /** What is told to ben and to cem. @type {{ ben: Tamper, cem: Tamper }} */
  const tampers = { ben: honest, cem: honest };
  /** All that ben was given. @type {any[]} */
  const envelopes = [];

  before(async () => {
    server = await start_server();
    const watched = tampering_sockets(server.origin, () => (frame) => {
      envelopes.push(...(frame.envelopes ?? []).filter(() => frame.mailbox && Buffer.from(frame.mailbox).toString("base64url") === id));
      return tampers.ben(frame);
    });
    const cems = tampering_sockets(server.origin, () => (frame) => tampers.cem(frame));
    [ana, ben, cem] = await people_who_know_each_other(server.origin, ["ana", "ben", "cem"], [{}, { make_socket: watched }, { make_socket: cems }]);
    id = await make_group(ana, [ben, cem]);
    await say_in(cem, id, "hello");
    await all_hear([ana, ben], id, "hello");
  });
  afterEach(() => {
    Object.assign(tampers, { ben: honest, cem: honest });
  });
  after(async () => {
    close_all([ana, ben, cem]);
    await server?.stop();
  });

  /** What others have agreed on and who is there, as ben's browser keeps it. */
  async function kept_by_ben() {
    const { conversations, contacts, groups } = await stored_in(ben.device, ["conversations", "contacts", "groups"]);
    const { roles, settings } = conversations.find((row) => row.id === id)?.value.group ?? {};
    return { roles, settings, contacts: contacts.map((row) => row.id), epoch: await epoch_of(ben, id), groups: groups.length };
  }

  /** Gives ben another envelope in the place of the next text. @param {any} other */
  async function put_in_place(other) {
    /** @type {number | undefined} of the one that is replaced, however often it is given */
    let replaced;
    const envelope_id = random_bytes(16);
    tampers.ben = on_envelopes((envelope) => {
      if (replaced === undefined && envelope.kind === "application") replaced = envelope.sequence;
      if (envelope.sequence !== replaced) return envelope;
      const { sequence, slot } = envelope;
      return { ...envelope, ...other, id: envelope_id, sequence, slot: other.kind === "commit" ? slot + 1 : slot };
    });
    const refused = (await notices_in(ben, id)).length;
    await say_in(ana, id, `swallowed ${envelopes.length}`);
    await until(() => replaced !== undefined, "given");
    await until(async () => (await notices_in(ben, id)).length > refused, "ben is told");
    tampers.ben = honest;
  }

  it("5: shows nobody as a member whom it delivers to besides the members", async () => {
    const ghost = random_bytes(16);
    tampers.ben = on_envelopes((envelope) => (envelope.kind === "commit" ? { ...envelope, subscribers: [...envelope.subscribers, ghost] } : envelope));
    const before_it = await kept_by_ben();
    await ana.do("change_group", { conversation: id, title: "renamed" });
    await until(() => ben.alert_codes.includes("subscribers_differ"));
    await until(async () => (await group_of(ben, id)).title === "renamed");
    assert.ok((await notices_in(ben, id)).some((notice) => notice.startsWith("subscribers_differ")));
    assert.deepEqual(await members_of(ben, id), [ana.name, ben.name, cem.name]);
    assert.deepEqual((await kept_by_ben()).contacts, before_it.contacts);
    tampers.ben = honest;
    await until(async () => !(await ben.device.store.get("cursors", id)).repair, "put right by ben's own commit");
    await say_in(ben, id, "for three");
    await all_hear([ana, cem], id, "for three");
  });

  it("5: lets nobody in by a commit of a group of its own making, under this one's name", async () => {
    const own = await make_device();
    const made = await create_group({ mailbox: from_base64url(id), suite: 1, own, signature_key: own.signature_key, now: NOW, kind: "group", hashes: any_hashes() });
    const { key_package } = await key_package_of(await make_device());
    const { commit } = await add_members(made, [key_package], trusting);
    const before_it = await kept_by_ben();
    await put_in_place({ kind: "commit", body: commit, commitment: new Uint8Array(32), subscribers: [own.device] });
    assert.ok((await notices_in(ben, id)).some((notice) => notice.startsWith("commit_refused")));
    assert.deepEqual(await kept_by_ben(), before_it);
    assert.deepEqual(await members_of(ben, id), [ana.name, ben.name, cem.name]);
    await say_in(ana, id, "without the server's people");
    await all_hear([ben, cem], id, "without the server's people");
  });

  it("6: brings back no role that was taken away, by the commit that gave it or by what was said with it", async () => {
    const begin = envelopes.length;
    await ana.do("set_role", { conversation: id, account: cem.account, role: "admin" });
    await is_told(ben, id, `role_changed ${ana.name} ${cem.name} admin`);
    const promotion = envelopes.slice(begin).filter(({ kind }) => kind === "commit" || kind === "application");
    await ana.do("set_role", { conversation: id, account: cem.account, role: "member" });
    await is_told(ben, id, `role_changed ${ana.name} ${cem.name} member`);
    const told = (await notices_in(ben, id)).filter((notice) => notice.startsWith("role_changed"));
    assert.ok(promotion.some(({ kind }) => kind === "commit") && promotion.some(({ kind }) => kind === "application"));
    for (const envelope of promotion) {
      const before_it = await kept_by_ben();
      await put_in_place(envelope);
      const { roles, settings } = await kept_by_ben();
      assert.deepEqual([roles, settings], [before_it.roles, before_it.settings]);
    }
    assert.deepEqual((await notices_in(ben, id)).filter((notice) => notice.startsWith("role_changed")), told);
    assert.equal((await group_of(ben, id)).members.find((/** @type {any} */ { account }) => account === cem.account).role, "member");
    await say_in(ana, id, "who may what stays so");
    await all_hear([ben], id, "who may what stays so");
  });

  it("7: makes nothing readable to who was removed, though it goes on delivering and hides that", async () => {
    tampers.cem = (frame) => (frame.type === "subscription.ended" ? null : frame);
    const subscribers = (/** @type {any} */ envelope) => ({ ...envelope, subscribers: [...envelope.subscribers, from_base64url(cem.device.own.device)] });
    tampers.ben = on_envelopes((envelope) => (envelope.kind === "commit" ? subscribers(envelope) : envelope));
    ben.browser.alerts.length = 0;
    await ana.do("remove_from_group", { conversation: id, account: cem.account });
    // Where it says to whom it goes on delivering, the others are told.
    await until(() => ben.alert_codes.includes("subscribers_differ"));
    await is_told(cem, id, `removed ${ana.name} ${cem.name}`);
    tampers.ben = honest;
    for (const text of ["behind your back", "and more of it"]) {
      await say_in(ana, id, text);
      await all_hear([ben], id, text);
    }
    // All from the removal on: what does not continue is drained, and of that the real server has none for him.
    const { sequence: removal } = await cem.device.store.get("cursors", id);
    const all = new Map(envelopes.filter(({ sequence }) => sequence > removal).map((envelope) => [envelope.sequence, envelope]));
    const later = [...all.keys()].sort((a, b) => a - b).map((sequence) => all.get(sequence));
    assert.ok(later.length >= 2);
    const kept_by_cem = async () => [await texts_in(cem, id), await members_of(cem, id), (await stored_in(cem.device, ["groups"])).groups];
    const before_it = await kept_by_cem();
    let given = false;
    tampers.cem = (frame) => {
      if (given || frame.type !== "pong") return frame.type === "subscription.ended" ? null : frame;
      given = true;
      const { sequence, slot } = later[later.length - 1];
      return [{ type: "envelope.new", mailbox: from_base64url(id), head: sequence, slot, envelopes: later }, frame];
    };
    await cem.device.request({ type: "ping" });
    assert.ok(given);
    await until(async () => (await notices_in(cem, id)).some((notice) => notice.startsWith("undecryptable")), "cem is told that there was something");
    assert.deepEqual(await kept_by_cem(), before_it);
    assert.ok(!(await texts_in(cem, id)).includes("behind your back"));
    const { state, stopped } = await entry_of(cem, id);
    assert.deepEqual([state, stopped], ["stopped", "removed"]);
    assert.deepEqual(await members_of(ben, id), [ana.name, ben.name]);
  });

  it("makes no fault of our own", () => {
    assert.deepEqual(faults_of([ana, ben, cem]), []);
  });
});
