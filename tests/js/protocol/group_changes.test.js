// @ts-check
// Changes of a group through MLS: what they do, and that the rules of docs/protocol.md 14 hold against a member whose browser
// keeps to none of them. Others refuse alike, stay in their epoch and go on.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { equal, to_utf8 } from "../../../static/js/codec/bytes.js";
import { Talk2meError } from "../../../static/js/errors.js";
import { role_of } from "../../../static/js/protocol/group_rules.js";
import {
  SUITE_XWING,
  add_members,
  change_context,
  create_group,
  describe,
  encrypt,
  group_parts,
  join_externally,
  join_from_welcome,
  process,
  propose_leave,
  remove_members,
  update_keys,
} from "../../../static/js/protocol/mls.js";
import { decode_body, view_of } from "../../../static/js/protocol/mls_change.js";
import { check_external_commit } from "../../../static/js/protocol/mls_policy.js";
import { Circle } from "./group_people.js";
import { NOW, any_hashes, key_package_of, make_device, make_group, trusting } from "./mls_people.js";

/** @import { Rights } from "../../../static/js/protocol/group_state.js" */
/** @import { Pending } from "../../../static/js/protocol/mls_change.js" */
/** @import { Policy } from "../../../static/js/protocol/mls_policy.js" */

/** @param {Circle} circle @param {string} name @param {Policy} policy */
async function add_stranger(circle, name, policy) {
  const { key_package } = await key_package_of(await make_device());
  return add_members(circle.seat(name).group, [key_package], policy);
}

/** @type {Record<string, (circle: Circle, name: string, policy: Policy) => Promise<Pending>>} */
const CHANGES = {
  "adds somebody": add_stranger,
  "removes an owner": (circle, name, policy) => remove_members(circle.seat(name).group, [circle.leaf("second")], policy),
  "removes an admin": (circle, name, policy) => remove_members(circle.seat(name).group, [circle.leaf("deputy")], policy),
  "removes a member": (circle, name, policy) => remove_members(circle.seat(name).group, [circle.leaf("laptop")], policy),
  "changes the settings": (circle, name, policy) =>
    change_context(circle.seat(name).group, { settings: any_hashes().settings }, policy),
  "changes what members may do": (circle, name, policy) =>
    change_context(circle.seat(name).group, { rights: any_hashes().rights }, policy),
  "changes who is in charge": (circle, name, policy) =>
    change_context(circle.seat(name).group, { roles: any_hashes().roles }, policy),
};

/** @type {Record<string, string>} */
const REASONS = {
  "adds somebody": "refused_add",
  "removes an owner": "refused_remove",
  "removes an admin": "refused_remove",
  "removes a member": "refused_remove",
  "changes the settings": "refused_settings",
  "changes what members may do": "refused_rights",
  "changes who is in charge": "refused_roles",
};

for (const [what, make] of Object.entries(CHANGES)) {
  test(`Mallory ${what}: all refuse, name her, stay where they are and go on`, async () => {
    const circle = await Circle.begin();
    const before = [...circle.seats.values()].map(({ group }) => group_parts(group));
    const made = await make(circle, "mallory", trusting);
    assert.equal(await circle.offer("mallory", made), REASONS[what]);
    for (const [at, seat] of [...circle.seats.values()].entries()) {
      for (const [name, bytes] of group_parts(seat.group)) assert.equal(bytes, before[at].get(name));
    }
    await circle.talk();
  });

  test(`our own browser does not even try what a member may not: it ${what}`, async () => {
    const circle = await Circle.begin();
    const rules = circle.seat("member").rules;
    await assert.rejects(make(circle, "mallory", { ...trusting, rules }), { details: { reason: REASONS[what] } });
  });

  test(`an owner ${what}, and all follow`, async () => {
    const circle = await Circle.begin();
    assert.equal(await circle.offer("owner", await make(circle, "owner", circle.policy("owner"))), "accepted");
    await circle.talk();
  });
}

for (const what of ["changes who is in charge", "removes an owner", "removes an admin"]) {
  test(`an admin whose browser keeps to no rules ${what}: all refuse`, async () => {
    const circle = await Circle.begin({ names: ["owner", "second", "admin", "deputy", "member"] });
    assert.equal(await circle.offer("admin", await CHANGES[what](circle, "admin", trusting)), REASONS[what]);
    await circle.talk();
  });
}

test("Mallory promotes herself while she lets somebody in whom she may let in: nobody takes any of it", async () => {
  const circle = await Circle.begin({ rights: { who_adds: "members" } });
  const { key_package } = await key_package_of(await make_device());
  const both = await add_members(circle.seat("mallory").group, [key_package], trusting, { roles: any_hashes().roles });
  assert.equal(await circle.offer("mallory", both), "refused_roles");
  assert.equal(await circle.offer("mallory", await add_stranger(circle, "mallory", trusting)), "accepted");
});

test("a member does what the group lets members do", async () => {
  const circle = await Circle.begin({ rights: { who_adds: "members", who_edits: "members" } });
  for (const what of ["adds somebody", "changes the settings"]) {
    assert.equal(await circle.offer("member", await CHANGES[what](circle, "member", circle.policy("member"))), "accepted");
  }
  await assert.rejects(CHANGES["removes an owner"](circle, "member", circle.policy("member")), { details: { reason: "refused_remove" } });
  await circle.talk();
});

test("anybody lets in another device of somebody who is there", async () => {
  const circle = await Circle.begin();
  const phone = await make_device(circle.seat("owner").device.account);
  const { key_package } = await key_package_of(phone);
  const made = await add_members(circle.seat("member").group, [key_package], circle.policy("member"));
  assert.equal(await circle.offer("member", made), "accepted");
});

test("a member takes out a device of its own", async () => {
  const circle = await Circle.begin();
  const made = await remove_members(circle.seat("member").group, [circle.leaf("laptop")], circle.policy("member"));
  assert.equal(await circle.offer("member", made), "accepted");
});

test("whoever asked to leave, even an owner, is taken out by a member's next commit, and by that commit nobody else", async () => {
  const circle = await Circle.begin({ names: ["owner", "admin", "member", "mallory"] });
  const leaving = await propose_leave(circle.seat("owner").group);
  circle.seat("owner").group = leaving.group;
  for (const [name, seat] of circle.seats) {
    if (name === "owner") continue;
    const told = await process(seat.group, leaving.body, circle.policy(name));
    assert.ok(told.kind === "proposal");
    seat.group = told.group;
  }
  const more = await remove_members(circle.seat("mallory").group, [circle.leaf("admin")], trusting);
  assert.equal(await circle.offer("mallory", more), "refused_remove");
  assert.equal(await circle.offer("member", await update_keys(circle.seat("member").group, circle.policy("member"))), "accepted");
  assert.equal(circle.seats.has("owner"), false);
  // Nobody who owns it is left: the admin does now.
  const heir = await change_context(circle.seat("admin").group, any_hashes(), circle.policy("admin"));
  assert.equal(await circle.offer("admin", heir), "accepted");
});

test("a device that its account has put out is taken out by any member, once the chain says so", async () => {
  const circle = await Circle.begin();
  /** @type {Uint8Array[]} */
  const asked = [];
  const says = (/** @type {boolean} */ answer) => ({
    is_inactive: async (/** @type {{ device: Uint8Array }} */ { device }) => asked.push(device) > 0 && answer,
  });
  const leaf = circle.leaf("deputy");
  const group = circle.seat("member").group;
  await assert.rejects(remove_members(group, [leaf], circle.policy("member", says(false))), { details: { reason: "refused_remove" } });
  const made = await remove_members(group, [leaf], circle.policy("member", says(true)));
  assert.equal(await circle.offer("member", made, says(false)), "refused_remove");
  assert.equal(await circle.offer("member", made, says(true)), "accepted");
  for (const device of asked) assert.deepEqual(device, made.removed[0].device);
});

test("no chain is asked where the rules alone allow it, and one that can't be read decides nothing", async () => {
  const circle = await Circle.begin();
  const offline = {
    is_inactive: async () => {
      throw new Talk2meError("offline");
    },
  };
  const leaf = circle.leaf("mallory");
  const allowed = await remove_members(circle.seat("owner").group, [leaf], circle.policy("owner", offline));
  await process(circle.seat("member").group, allowed.commit, circle.policy("member", offline));
  const gone = { is_inactive: async () => true };
  const other = await remove_members(circle.seat("mallory").group, [circle.leaf("owner")], circle.policy("member", gone));
  await assert.rejects(process(circle.seat("member").group, other.commit, circle.policy("member", offline)), { code: "offline" });
  const known = await process(circle.seat("member").group, other.commit, circle.policy("member", gone));
  assert.equal(known.kind, "commit");
});

test("until the new roles have been read those of before are in force, for all alike", async () => {
  const circle = await Circle.begin();
  const promoted = any_hashes().roles;
  assert.equal(await circle.offer("owner", await change_context(circle.seat("owner").group, { roles: promoted }, circle.policy("owner"))), "accepted");
  // The new roles may name Mallory an admin: nobody can know yet.
  assert.equal(await circle.offer("mallory", await CHANGES["adds somebody"](circle, "mallory", trusting)), "refused_add");
  assert.equal(await circle.offer("admin", await CHANGES["changes the settings"](circle, "admin", circle.policy("admin"))), "accepted");
  for (const { group } of circle.seats.values()) assert.deepEqual(describe(group).hashes?.roles, promoted);
});

test("who has read no rules yet judges nothing", async () => {
  const circle = await Circle.begin({ names: ["owner", "mallory"] });
  circle.seat("owner").rules = null;
  const made = await CHANGES["changes who is in charge"](circle, "mallory", trusting);
  const got = await process(circle.seat("owner").group, made.commit, circle.policy("owner"));
  assert.equal(got.kind, "commit");
});

test("a change of the context changes what it names, keeps the rest, and comes with new keys", async () => {
  const circle = await Circle.begin();
  const { group } = circle.seat("owner");
  const before = describe(group).hashes;
  const { settings } = any_hashes();
  const made = await change_context(group, { settings }, circle.policy("owner"));
  assert.deepEqual(describe(made.group).hashes, { roles: before?.roles, rights: before?.rights, settings });
  const own_key = (/** @type {import("../../../static/js/protocol/mls_state.js").Group} */ { state }) => {
    const node = state.ratchetTree[2 * state.privatePath.leafIndex];
    return node?.nodeType === "leaf" && node.leaf.hpkePublicKey;
  };
  assert.notDeepEqual(own_key(made.group), own_key(group));
  assert.equal(await circle.offer("owner", made), "accepted");
  for (const seat of circle.seats.values()) assert.deepEqual(describe(seat.group).hashes, describe(made.group).hashes);
});

test("somebody is taken out and off the roles in one commit, and reads nothing that follows", async () => {
  const circle = await Circle.begin();
  const { group: gone } = circle.seat("admin");
  const { roles } = any_hashes();
  const made = await change_context(circle.seat("owner").group, { roles }, circle.policy("owner"), { remove: [circle.leaf("admin")] });
  assert.equal(made.removed.length, 1);
  assert.equal(await circle.offer("owner", made), "accepted");
  assert.equal(circle.seats.has("admin"), false);
  await circle.talk();
  const { body } = await encrypt(circle.seat("owner").group, to_utf8("without you"));
  const told = await process(gone, made.commit, trusting);
  assert.ok(told.kind === "commit" && told.self_removed);
  for (const held of [gone, told.group]) await assert.rejects(process(held, body, trusting));
});

test("an owner who is taken out has no role any more, for all alike, and is a member once let in again", async () => {
  const circle = await Circle.begin();
  const { account } = circle.seat("second").device;
  const made = await remove_members(circle.seat("owner").group, [circle.leaf("second")], circle.policy("owner"));
  assert.equal(await circle.offer("owner", made), "accepted");
  for (const { rules } of circle.seats.values()) assert.ok(!rules?.roles.owners.some((one) => equal(one, account)));
  const again = await key_package_of(await make_device(account));
  assert.equal(await circle.offer("admin", await add_members(circle.seat("admin").group, [again.key_package], circle.policy("admin"))), "accepted");
  const { rules, group } = circle.seat("member");
  const present = describe(group).members.map((member) => member.account);
  assert.equal(role_of(/** @type {any} */ (rules).roles, account, present), "member");
});

test("who takes an owner out and leaves the name in the roles is refused, were it an owner", async () => {
  const circle = await Circle.begin();
  assert.equal(await circle.offer("owner", await CHANGES["removes an owner"](circle, "owner", trusting)), "refused_roles");
  assert.equal(circle.seats.has("second"), true);
  await circle.talk();
});

test("with the roles of whoever asked to leave a member gives nobody others", async () => {
  const circle = await Circle.begin({ names: ["owner", "second", "admin", "member", "mallory"] });
  const leaving = await propose_leave(circle.seat("second").group);
  circle.seat("second").group = leaving.group;
  for (const [name, seat] of circle.seats) {
    if (name === "second") continue;
    const told = await process(seat.group, leaving.body, circle.policy(name));
    seat.group = told.group;
  }
  const { group } = circle.seat("mallory");
  assert.equal(await circle.offer("mallory", await change_context(group, { roles: any_hashes().roles }, trusting)), "refused_roles");
  assert.equal(await circle.offer("mallory", await update_keys(group, trusting)), "refused_roles");
  assert.equal(await circle.offer("member", await update_keys(circle.seat("member").group, circle.policy("member"))), "accepted");
  const { rules } = circle.seat("admin");
  assert.deepEqual(rules?.roles.owners, [circle.seat("owner").device.account]);
});

for (const suite of [1, SUITE_XWING]) {
  test(`suite ${suite}: who joins by a commit that also changes the context has the new hashes and can talk`, async () => {
    const [alice, bob, carol] = [await make_device(), await make_device(), await make_device()];
    const [a, b] = await make_group([alice, bob], { suite });
    const own = await key_package_of(carol, suite);
    const hashes = any_hashes();
    const made = await add_members(a, [own.key_package], trusting, hashes);
    const options = { welcome: made.welcome ?? new Uint8Array(0), key_packages: [own], signature_key: carol.signature_key, policy: trusting };
    const joined = (await join_from_welcome(options)).group;
    const seen = await process(b, made.commit, trusting);
    for (const { group } of [made, seen, { group: joined }]) assert.deepEqual(describe(group).hashes, hashes);
    const said = await encrypt(joined, to_utf8("I am in"));
    assert.equal((await process(seen.group, said.body, trusting)).kind, "application");
    const answer = await update_keys(joined, trusting);
    assert.equal((await process(made.group, answer.commit, trusting)).kind, "commit");
  });
}

test("a device that joins by itself keeps the hashes, whatever the rules, and can't bring others", async () => {
  const circle = await Circle.begin({ names: ["owner", "member"] });
  const refreshed = await update_keys(circle.seat("owner").group, circle.policy("owner"));
  assert.equal(await circle.offer("owner", refreshed), "accepted");
  const own = await make_device(circle.seat("member").device.account);
  const join = { group_info: refreshed.group_info, own, signature_key: own.signature_key, policy: trusting, now: NOW };
  const joined = await join_externally(join);
  assert.deepEqual(describe(joined.group).hashes, describe(refreshed.group).hashes);
  const { group } = circle.seat("owner");
  assert.equal((await process(group, joined.commit, circle.policy("owner"))).kind, "commit");
  const message = decode_body(joined.commit);
  assert.ok(message.wireformat === "mls_public_message" && message.publicMessage.content.contentType === "commit");
  const { commit } = message.publicMessage.content;
  const { extensions } = group.state.groupContext;
  const proposal = /** @type {any} */ ({ proposalType: "group_context_extensions", groupContextExtensions: { extensions } });
  const more = { ...commit, proposals: [...commit.proposals, { proposalOrRefType: /** @type {const} */ ("proposal"), proposal }] };
  assert.throws(() => check_external_commit(view_of(group), more), { details: { reason: "external_proposal" } });
});

test("a direct conversation has no context to change, and a group can't begin without one", async () => {
  const [a] = await make_group([await make_device(), await make_device()], { kind: "direct" });
  const { roles, settings } = any_hashes();
  for (const hashes of [{ roles }, { settings }, { roles, settings }]) {
    await assert.rejects(change_context(a, hashes, trusting), { details: { reason: "context_extensions" } });
  }
  const own = await make_device();
  const options = { mailbox: new Uint8Array(16), suite: 1, own, signature_key: own.signature_key, now: NOW };
  await assert.rejects(create_group({ ...options, kind: "group" }), { details: { reason: "context_extensions" } });
  await assert.rejects(create_group({ ...options, kind: "direct", hashes: any_hashes() }), { details: { reason: "context_extensions" } });
});

test("a change that changes nothing is not made", async () => {
  const circle = await Circle.begin({ names: ["owner", "member"] });
  const made = change_context(circle.seat("owner").group, {}, circle.policy("owner"));
  await assert.rejects(made, { details: { reason: "nothing_to_do" } });
});

const who = fc.constantFrom(/** @type {const} */ ("admins"), /** @type {const} */ ("members"));
const tries = fc.record({
  rights: fc.record({ who_adds: who, who_edits: who }),
  steps: fc.array(fc.record({ actor: fc.nat(9), what: fc.constantFrom(...Object.keys(CHANGES)) }), { minLength: 2, maxLength: 5 }),
});

test("whoever tries whatever, all with the same rules judge alike, and as the author's own browser would have", async () => {
  await fc.assert(
    fc.asyncProperty(tries, async ({ rights, steps }) => {
      const circle = await Circle.begin({ rights: /** @type {Partial<Rights>} */ (rights) });
      for (const { actor, what } of steps) {
        const names = [...circle.seats.keys()];
        const author = names[actor % names.length];
        const is_there = ["second", "deputy", "laptop"].every((name) => circle.seats.has(name) && name !== author);
        if (!is_there) continue;
        const { rules } = circle.seat("second");
        const own = await CHANGES[what](circle, author, { ...trusting, rules }).then(
          () => "accepted",
          ({ details }) => details.reason,
        );
        const made = await CHANGES[what](circle, author, own === "accepted" ? { ...trusting, rules } : trusting);
        assert.equal(await circle.offer(author, made), own);
      }
      await circle.talk();
    }),
    { numRuns: 12, endOnFailure: true },
  );
});
