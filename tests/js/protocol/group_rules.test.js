// @ts-check
// Who may change what in a group (docs/protocol.md 14), as pure judgement.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { to_hex } from "../../../static/js/codec/bytes.js";
import { judge_change, rights_of, role_of } from "../../../static/js/protocol/group_rules.js";
import { RIGHTS } from "./group_people.js";

/** @import { Bytes } from "../../../static/js/codec/bytes.js" */
/** @import { Change, Role } from "../../../static/js/protocol/group_rules.js" */
/** @import { Rights } from "../../../static/js/protocol/group_state.js" */

/** @param {number} number @returns {Bytes} */
const account = (number) => new Uint8Array(16).fill(number);
const [owner, second, admin, deputy, member, other, stranger] = [1, 2, 3, 4, 5, 6, 7].map(account);
const roles = /** @type {const} */ ({ v: 1, owners: [owner, second], admins: [admin, deputy] });
const everybody = [owner, second, admin, deputy, member, other];

/** @param {Partial<Change>} change @param {Partial<Rights> | null} [rights] null: not known */
function judge(change, rights = {}) {
  const nothing = { roles_changed: false, rights_changed: false, settings_changed: false, added: [], removed: [], committer: member };
  const rules = { roles: /** @type {any} */ (roles), rights: rights && { ...RIGHTS, ...rights } };
  return judge_change({ rules, present: everybody, ...nothing, ...change });
}

/** @param {Bytes} gone @param {{ asked?: boolean, inactive?: boolean }} [why] */
const removal = (gone, { asked = false, inactive = false } = {}) => ({ removed: [{ account: gone, asked, inactive }] });

test("only an owner changes who is in charge, even where everybody may do the rest", () => {
  const open = /** @type {const} */ ({ who_adds: "members", who_edits: "members" });
  for (const committer of [admin, member]) assert.equal(judge({ committer, roles_changed: true }, open), "refused_roles");
  assert.equal(judge({ committer: owner, roles_changed: true }), null);
});

test("settings are for admins and owners, and for members where the group says so", () => {
  assert.equal(judge({ settings_changed: true }), "refused_settings");
  for (const committer of [owner, admin]) assert.equal(judge({ committer, settings_changed: true }), null);
  assert.equal(judge({ settings_changed: true }, { who_edits: "members" }), null);
  assert.equal(judge({ settings_changed: true }, { who_adds: "members", who_writes: "members" }), "refused_settings");
});

test("what members may do is for admins and owners to say, whatever members may do already", () => {
  const open = /** @type {const} */ ({ who_adds: "members", who_edits: "members" });
  for (const rights of [{}, open]) assert.equal(judge({ rights_changed: true }, rights), "refused_rights");
  for (const committer of [owner, admin]) assert.equal(judge({ committer, rights_changed: true }), null);
  assert.equal(judge({ committer: member, rights_changed: true, settings_changed: true }, open), "refused_rights");
});

test("where it is not known what members may do, only what depends on that is let through", () => {
  assert.equal(judge({ settings_changed: true, added: [stranger] }, null), null);
  assert.equal(judge({ roles_changed: true }, null), "refused_roles");
  assert.equal(judge({ rights_changed: true }, null), "refused_rights");
  assert.equal(judge(removal(other), null), "refused_remove");
});

test("new people are let in by admins and owners, and by members where the group says so", () => {
  assert.equal(judge({ added: [stranger] }), "refused_add");
  for (const committer of [owner, admin]) assert.equal(judge({ committer, added: [stranger] }), null);
  assert.equal(judge({ added: [stranger] }, { who_adds: "members" }), null);
  assert.equal(judge({ added: [stranger] }, { who_edits: "members", who_writes: "members" }), "refused_add");
});

test("another device of somebody who is there may be let in by anybody, but not together with a stranger", () => {
  assert.equal(judge({ added: [owner, other] }), null);
  assert.equal(judge({ added: [other, stranger] }), "refused_add");
});

test("a member takes out nobody but devices of its own", () => {
  for (const gone of [owner, admin, other]) assert.equal(judge(removal(gone)), "refused_remove");
  assert.equal(judge(removal(member)), null);
});

test("an admin takes out members, and neither owners nor admins", () => {
  assert.equal(judge({ committer: admin, ...removal(member) }), null);
  for (const gone of [owner, deputy]) assert.equal(judge({ committer: admin, ...removal(gone) }), "refused_remove");
});

test("an owner takes out anybody", () => {
  for (const gone of everybody) assert.equal(judge({ committer: owner, ...removal(gone) }), null);
});

test("anybody takes out whoever asked for it, and devices that are none any more", () => {
  assert.equal(judge(removal(owner, { asked: true })), null);
  assert.equal(judge(removal(owner, { inactive: true })), null);
  const two = [...removal(owner, { asked: true }).removed, ...removal(other).removed];
  assert.equal(judge({ removed: two }), "refused_remove");
});

test("of several things in one commit each is judged", () => {
  const committer = admin;
  assert.equal(judge({ committer, roles_changed: true, settings_changed: true }), "refused_roles");
  assert.equal(judge({ committer, settings_changed: true, ...removal(owner) }), "refused_remove");
  assert.equal(judge({ settings_changed: true, added: [stranger] }, { who_edits: "members" }), "refused_add");
});

test("without an owner the admins are owners, without an admin everybody is", () => {
  /** @type {[Bytes[], Record<string, Role>][]} */
  const cases = [
    [everybody, { owner: "owner", admin: "admin", member: "member" }],
    [[second, admin, member], { second: "owner", admin: "admin", member: "member" }],
    [[admin, deputy, member], { admin: "owner", deputy: "owner", member: "member" }],
    [[member, other], { member: "owner", other: "owner" }],
  ];
  const named = { owner, second, admin, deputy, member, other };
  for (const [present, expected] of cases) {
    for (const [name, role] of Object.entries(expected)) {
      assert.equal(role_of(/** @type {any} */ (roles), named[/** @type {keyof named} */ (name)], present), role);
    }
  }
  assert.equal(judge({ committer: admin, present: [admin, member], roles_changed: true }), null);
  assert.equal(judge({ committer: member, present: [admin, member], roles_changed: true }), "refused_roles");
  assert.equal(judge({ committer: member, present: [member, other], roles_changed: true, ...removal(other) }), null);
});

test("an owner who is gone counts for nothing while another is there", () => {
  assert.equal(role_of(/** @type {any} */ (roles), owner, [second, member]), "member");
});

test("what a person may do is told in one place", () => {
  const rules = { roles: /** @type {any} */ (roles), rights: { ...RIGHTS, who_writes: /** @type {const} */ ("admins") } };
  assert.deepEqual(rights_of(rules, owner, everybody), { roles: true, rights: true, edit: true, add: true, write: true });
  assert.deepEqual(rights_of(rules, admin, everybody), { roles: false, rights: true, edit: true, add: true, write: true });
  assert.deepEqual(rights_of(rules, member, everybody), { roles: false, rights: false, edit: false, add: false, write: false });
});

const anybody = fc.integer({ min: 1, max: 9 }).map(account);
const some = fc.uniqueArray(anybody, { selector: to_hex, maxLength: 9 });
const who = fc.constantFrom(/** @type {const} */ ("admins"), /** @type {const} */ ("members"));
const any_change = fc.record({
  named: fc.uniqueArray(anybody, { selector: to_hex, minLength: 1, maxLength: 5 }),
  owning: fc.integer({ min: 1, max: 5 }),
  rights: fc.record({ who_adds: who, who_edits: who, who_writes: who }),
  committer: anybody,
  others: some,
  roles_changed: fc.boolean(),
  rights_changed: fc.boolean(),
  settings_changed: fc.boolean(),
  added: some,
  removed: fc.array(fc.record({ account: anybody, asked: fc.boolean(), inactive: fc.boolean() }), { maxLength: 4 }),
});

/** @param {typeof any_change extends fc.Arbitrary<infer T> ? T : never} drawn @returns {Change} */
function to_change({ named, owning, rights, others, ...change }) {
  const drawn_roles = { v: /** @type {const} */ (1), owners: named.slice(0, owning), admins: named.slice(owning) };
  const present = [change.committer, ...others.filter((one) => to_hex(one) !== to_hex(change.committer))];
  return { ...change, rules: { roles: drawn_roles, rights: { ...RIGHTS, ...rights } }, present };
}

test("the order in which anything stands makes no difference, so all members judge alike", () => {
  fc.assert(
    fc.property(any_change, fc.infiniteStream(fc.nat()), (drawn, numbers) => {
      const change = to_change(drawn);
      const shuffle = (/** @type {any[]} */ list) => list.map((one) => ({ one, at: numbers.next().value })).sort((x, y) => x.at - y.at).map(({ one }) => one);
      const { roles: before, rights } = change.rules;
      const rules = { roles: { ...before, owners: shuffle(before.owners), admins: shuffle(before.admins) }, rights };
      const again = { ...change, rules, present: shuffle(change.present), added: shuffle(change.added), removed: shuffle(change.removed) };
      assert.equal(judge_change(again), judge_change(change));
    }),
    { numRuns: 500 },
  );
});

test("in every group somebody is an owner, and whoever is one may do anything", () => {
  fc.assert(
    fc.property(any_change, (drawn) => {
      const change = to_change(drawn);
      const owners = change.present.filter((one) => role_of(change.rules.roles, one, change.present) === "owner");
      assert.ok(owners.length > 0);
      for (const committer of owners) assert.equal(judge_change({ ...change, committer }), null);
    }),
    { numRuns: 300 },
  );
});

test("who is no owner never changes roles, and what is refused to an admin is refused to a member", () => {
  fc.assert(
    fc.property(any_change, (drawn) => {
      const change = to_change(drawn);
      const role = role_of(change.rules.roles, change.committer, change.present);
      if (change.roles_changed && role !== "owner") assert.equal(judge_change(change), "refused_roles");
      const admins = change.present.filter((one) => role_of(change.rules.roles, one, change.present) === "admin");
      const others_only = { ...change, removed: change.removed.filter((one) => to_hex(one.account) !== to_hex(change.committer)) };
      for (const committer of role === "member" ? admins : []) {
        if (judge_change({ ...others_only, committer }) === null) continue;
        if (others_only.removed.some((one) => to_hex(one.account) === to_hex(committer))) continue;
        assert.notEqual(judge_change(others_only), null);
      }
    }),
    { numRuns: 300 },
  );
});
