// @ts-check
// What the session decides without touching anything.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { to_base64url } from "../../../static/js/codec/base64url.js";
import { compare } from "../../../static/js/codec/bytes.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { later_verification, union_of_invitations } from "../../../static/js/session/vault/absorb_vault.js";
import { plan_change } from "../../../static/js/session/bring_in_order.js";
import { check_browser } from "../../../static/js/session/check_browser.js";
import { fits } from "../../../static/js/session/check_leaves.js";
import { choose_mailbox } from "../../../static/js/session/choose_mailbox.js";
import { choose_suite } from "../../../static/js/session/choose_suite.js";
import { same_devices } from "../../../static/js/session/compare_subscribers.js";
import { begin_transcript, compare_seen, extend_transcript, last_hash } from "../../../static/js/session/follow_transcript.js";
import { id_before, list_mailboxes } from "../../../static/js/session/list_mailboxes.js";
import { Mutexes } from "../../../static/js/session/mutexes.js";
import { plan_key_packages } from "../../../static/js/session/publish_key_packages.js";
import { read_batch } from "../../../static/js/session/read_envelopes.js";
import { new_cursor } from "../../../static/js/session/records.js";

/** @param {number} byte @param {number} [length] */
const filled = (byte, length = 16) => new Uint8Array(length).fill(byte);

/** @param {number} byte of all its ids @param {{ suites?: number[], removed?: number | null }[]} devices @returns {any} */
const chain = (byte, devices) => ({
  account: filled(byte),
  devices: devices.map(({ suites = [83, 1], removed = null }, at) => ({
    device_id: filled(16 * byte + at),
    signature_key: filled(16 * byte + at, 32),
    suites,
    removed,
  })),
});

/** @param {number} account @param {number} at */
const leaf = (account, at) => ({
  account: filled(account),
  device: filled(16 * account + at),
  signature_key: filled(16 * account + at, 32),
});

describe("the suite of a conversation", () => {
  it("is the post-quantum one if every active device can, else the classic one", () => {
    const both = chain(1, [{}, {}]);
    assert.equal(choose_suite([both, chain(2, [{}])]), 83);
    assert.equal(choose_suite([both, chain(2, [{}, { suites: [1] }])]), 1);
    assert.equal(choose_suite([both, chain(2, [{}, { suites: [1], removed: 3 }])]), 83);
    assert.throws(() => choose_suite([both, chain(2, [{ suites: [7] }])]), (error) => is_talk2me_error(error, "suite_unsupported"));
    assert.throws(() => choose_suite([both, chain(2, [{ removed: 2 }])]), (error) => is_talk2me_error(error, "no_key_package"));
  });
});

describe("a leaf", () => {
  it("must be an active device of its account when added, and once have been one when present", () => {
    const of = chain(1, [{}, { removed: 5 }]);
    assert.ok(fits(of, { ...leaf(1, 0), state: "added" }));
    assert.ok(!fits(of, { ...leaf(1, 1), state: "added" }));
    assert.ok(fits(of, { ...leaf(1, 1), state: "present" }));
    assert.ok(!fits(of, { ...leaf(1, 2), state: "present" }));
    assert.ok(!fits(of, { ...leaf(1, 0), signature_key: filled(9, 32), state: "present" }));
    assert.ok(!fits(of, { ...leaf(1, 0), account: filled(2), state: "present" }));
  });
});

describe("what a group needs before anything is sent", () => {
  const members = [leaf(1, 0), leaf(2, 0), leaf(2, 1)].map((member, at) => ({ ...member, leaf: at }));
  const description = /** @type {any} */ ({ members, own_leaf: 0, leaving: [] });
  const chains = (/** @type {number | null} */ removed) =>
    new Map([
      [to_base64url(filled(1)), chain(1, [{}])],
      [to_base64url(filled(2)), chain(2, [{}, { removed }])],
    ]);
  const ready = { ...new_cursor("m", "c"), fresh: true };

  it("is nothing when all is well", () => {
    assert.deepEqual(plan_change(description, ready, chains(null)), { change: "none" });
  });

  it("is the removal of leaves whose device is not active, before all else", () => {
    assert.deepEqual(plan_change(description, { ...ready, fresh: false }, chains(4)), { change: "remove", leaves: [2] });
  });

  it("is a commit when it is this device's first word, when subscribers differ, or when someone wants to leave", () => {
    assert.deepEqual(plan_change(description, { ...ready, fresh: false }, chains(null)), { change: "update" });
    assert.deepEqual(plan_change(description, { ...ready, repair: true }, chains(null)), { change: "update" });
    assert.deepEqual(plan_change({ ...description, leaving: [1] }, ready, chains(null)), { change: "update" });
  });

  it("leaves those in peace whose chain is not known", () => {
    assert.deepEqual(plan_change(description, ready, new Map()), { change: "none" });
  });
});

describe("transcripts", () => {
  it("are compared with what others saw, as far back as they are kept", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 0, max: 700 }), (length, back) => {
        const hash = (/** @type {number} */ at) => filled(at % 251, 32);
        let transcript = begin_transcript(10, hash(10));
        for (let at = 11; at < 10 + length; at += 1) transcript = extend_transcript(transcript, at, hash(at));
        assert.deepEqual(last_hash(transcript), hash(10 + length - 1));
        const sequence = transcript.sequence - back;
        const known = sequence >= 10 && back < 256;
        assert.equal(compare_seen(transcript, { sequence, transcript: hash(sequence) }), known ? "same" : "unknown");
        assert.equal(compare_seen(transcript, { sequence, transcript: filled(255, 32) }), known ? "differs" : "unknown");
      }),
      { numRuns: 60 },
    );
  });

  it("begin again after a gap, and nobody can have seen what is still to come", () => {
    const transcript = extend_transcript(begin_transcript(1, filled(1, 32)), 5, filled(5, 32));
    assert.equal(compare_seen(transcript, { sequence: 1, transcript: filled(1, 32) }), "unknown");
    assert.equal(compare_seen(transcript, { sequence: 6, transcript: filled(6, 32) }), "differs");
  });
});

describe("smaller decisions", () => {
  it("of several mailboxes the one with the lowest bytes is sent in", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 }), { minLength: 1, maxLength: 4 }), (ids) => {
        const chosen = choose_mailbox(ids.map(to_base64url));
        assert.equal(chosen, to_base64url([...ids].sort(compare)[0]));
      }),
    );
    assert.equal(choose_mailbox([]), undefined);
  });

  it("subscribers are compared as sets of devices", () => {
    assert.ok(same_devices([leaf(1, 0), leaf(2, 0)], [filled(32), filled(16)]));
    assert.ok(!same_devices([leaf(1, 0)], [filled(16), filled(32)]));
    assert.ok(!same_devices([leaf(1, 0), leaf(2, 0)], [filled(16)]));
    assert.ok(!same_devices([leaf(1, 0)], [filled(32)]));
  });

  it("the id before another is the largest that sorts below it", () => {
    assert.deepEqual(id_before(Uint8Array.of(1, 0)), Uint8Array.of(0, 255));
    assert.deepEqual(id_before(Uint8Array.of(1, 2)), Uint8Array.of(1, 1));
    assert.equal(id_before(Uint8Array.of(0, 0)), null);
  });

  it("a list of mailboxes ends, whatever the server says", async () => {
    const entry = (/** @type {number} */ byte) => ({ mailbox: filled(byte), kind: "conversation", head: 1, first: 1, slot: 0 });
    const telling = (/** @type {any[]} */ ...pages) => /** @type {any} */ ({ request: async () => pages.shift() });
    const honest = telling({ mailboxes: [entry(1), null, 7, {}], more: true }, { mailboxes: [entry(2)], more: false });
    assert.deepEqual((await list_mailboxes(honest)).map(({ mailbox }) => mailbox), [filled(1), filled(2)].map(to_base64url));
    const endless = /** @type {any} */ ({ request: async () => ({ mailboxes: [entry(3)], more: true }) });
    await assert.rejects(list_mailboxes(endless), (error) => is_talk2me_error(error, "answer_invalid"));
  });

  it("key packages are made up to twenty when fewer than five are left, and a last resort in good time", () => {
    const day = 86_400_000;
    const state = { remaining: 5, has_last_resort: true, newest_last_resort_ends: 40 * day, now: 0 };
    assert.deepEqual(plan_key_packages(state), { single: 0, last_resort: false });
    assert.deepEqual(plan_key_packages({ ...state, remaining: 4 }), { single: 16, last_resort: false });
    assert.deepEqual(plan_key_packages({ ...state, now: 11 * day }), { single: 0, last_resort: true });
    assert.deepEqual(plan_key_packages({ ...state, has_last_resort: false }), { single: 0, last_resort: true });
  });

  it("of two statements about one contact the later counts, and expired invitations are forgotten", () => {
    const at = (/** @type {number} */ time) => /** @type {any} */ ({ time });
    assert.deepEqual(later_verification(at(1), at(2)), at(2));
    assert.deepEqual(later_verification(at(3), at(2)), at(3));
    assert.deepEqual(later_verification(null, at(2)), at(2));
    const invitation = (/** @type {number} */ byte, /** @type {number} */ expires) => ({ token: filled(byte), created: 0, expires });
    const union = union_of_invitations([invitation(1, 9), invitation(2, 3)], [invitation(1, 9), invitation(3, 9)], 5);
    assert.deepEqual(union, [invitation(1, 9), invitation(3, 9)]);
  });

  it("a browser that lacks something is told what", async () => {
    assert.deepEqual(await check_browser({}), {
      missing: ["WebCrypto", "IndexedDB", "WebSocket", "Web Locks", "BroadcastChannel"],
    });
    const platform = { indexedDB: {}, WebSocket: {}, navigator: { locks: {} }, BroadcastChannel: {} };
    assert.deepEqual(await check_browser({ ...platform, crypto }), { missing: [] });
    const old = { subtle: { generateKey: () => Promise.reject(new Error("NotSupportedError")) } };
    assert.deepEqual(await check_browser({ ...platform, crypto: old }), { missing: ["Ed25519"] });
  });
});

describe("envelopes of the server", () => {
  const good = { sequence: 1, id: filled(1), kind: "application", slot: 0, body: filled(1), hash: null, commitment: filled(1, 32) };

  it("are read in their form", () => {
    const batch = read_batch({ head: 2, slot: 1, envelopes: [good, { ...good, sequence: 2, body: null, hash: filled(2, 32) }] });
    assert.equal(batch.envelopes[0].subscribers, null);
    assert.equal(batch.envelopes[1].body, null);
  });

  it("are refused in any other", () => {
    const bad = [
      undefined,
      {},
      { head: 1, envelopes: null },
      { head: -1, envelopes: [] },
      { head: 2, envelopes: [{ ...good, sequence: 0 }] },
      { head: 2, envelopes: [{ ...good, id: filled(1, 15) }] },
      { head: 2, envelopes: [{ ...good, body: null }] },
      { head: 2, envelopes: [{ ...good, slot: 1.5 }] },
      { head: 2, envelopes: [good, good] },
      { head: 2, envelopes: [null] },
    ];
    for (const frame of bad) assert.throws(() => read_batch(frame), (error) => is_talk2me_error(error, "answer_invalid"));
  });
});

describe("work under one name", () => {
  it("runs one after the other, whatever fails, and beside work under another name", async () => {
    const mutexes = new Mutexes();
    /** @type {string[]} */
    const steps = [];
    const work = (/** @type {string} */ name, /** @type {boolean} */ fails = false) => async () => {
      steps.push(`${name} begins`);
      await Promise.resolve();
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
    };
    const runs = [mutexes.run("a", work("1", true)), mutexes.run("a", work("2")), mutexes.run("b", work("3"))];
    await assert.rejects(runs[0]);
    await Promise.all(runs.slice(1));
    assert.ok(steps.indexOf("1 ends") < steps.indexOf("2 begins"));
    assert.ok(steps.indexOf("3 begins") < steps.indexOf("1 ends"));
    assert.equal(mutexes.tails.size, 0);
  });
});
