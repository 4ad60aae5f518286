// @ts-check
// One test for each of our corrections to ts-mls 1.6.4 (patches/), and what must hold with every version: a removed member
// reads nothing more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyProposals, makePskIndex, validateRatchetTree } from "ts-mls/clientState.js";
import { createCommit, joinGroupExternal } from "ts-mls/createCommit.js";
import { decryptWithLabel } from "ts-mls/crypto/hpke.js";
import { encodeGroupContext } from "ts-mls/groupContext.js";
import { initializeEpoch } from "ts-mls/keySchedule.js";
import { unprotectPrivateMessage } from "ts-mls/messageProtection.js";
import { processMessage } from "ts-mls/processMessages.js";
import { emptyPskIndex } from "ts-mls/pskIndex.js";
import { bytesToBase64 } from "ts-mls/util/byteArray.js";
import { to_hex, to_utf8 } from "../../../static/js/codec/bytes.js";
import {
  SUITE_CLASSIC,
  add_members,
  describe,
  encrypt,
  join_externally,
  join_from_welcome,
  process,
  remove_members,
  update_keys,
} from "../../../static/js/protocol/mls.js";
import { decode_body } from "../../../static/js/protocol/mls_change.js";
import { RETENTION, run_with_policy } from "../../../static/js/protocol/mls_config.js";
import { decode_key_package, make_key_package } from "../../../static/js/protocol/mls_key_package.js";
import { suite_impl } from "../../../static/js/protocol/mls_suite.js";
import { NOW, key_package_of, make_device, make_group, trusting } from "./mls_people.js";

/** @import { Device } from "./mls_people.js" */
/** @import { Group } from "../../../static/js/protocol/mls_state.js" */
/** @typedef {import("ts-mls/clientState.js").ClientState} ClientState */
/** @typedef {import("ts-mls/clientConfig.js").ClientConfig} ClientConfig */

/** @param {number} count */
async function people(count) {
  return Promise.all(Array.from({ length: count }, () => make_device()));
}

/** A state as the library itself would hold it. @param {Group} group @returns {Promise<ClientState>} */
async function raw_state({ state }) {
  const config = await run_with_policy(trusting, [], async (/** @type {ClientConfig} */ given) => given, () => new Error("no"));
  return { ...state, clientConfig: config };
}

/** @param {Group[]} groups @param {Uint8Array} commit @param {Group} except */
async function all_process(groups, commit, except) {
  return Promise.all(
    groups.map(async (group) => (group === except ? group : (await process(group, commit, trusting)).group)),
  );
}

/** @param {Group} group @param {Device[]} devices */
async function add_and_join(group, devices) {
  const packages = await Promise.all(devices.map((device) => key_package_of(device)));
  const bytes = packages.map(({ key_package }) => key_package);
  const { welcome, ...pending } = await add_members(group, bytes, trusting);
  const joined = devices.map((device, at) =>
    join_from_welcome({
      welcome: /** @type {Uint8Array} */ (welcome),
      key_packages: [packages[at]],
      signature_key: device.signature_key,
      policy: trusting,
    }),
  );
  return { pending, joined: await Promise.all(joined) };
}

/** Eight leaves of which 1 and 5 are unmerged: at node 3 and node 11, and both at the root. */
async function tree_with_unmerged_leaves() {
  let groups = await make_group(await people(8));
  const removal = await remove_members(groups[0], [1, 5], trusting);
  groups = await all_process([groups[0], groups[4]], removal.commit, groups[0]);
  groups[0] = removal.group;
  const update = await update_keys(groups[1], trusting);
  groups = [(await process(groups[0], update.commit, trusting)).group, update.group];
  return add_and_join(groups[0], await people(2));
}

test("1: a leaf need be listed as unmerged only between itself and the node that lists it", async () => {
  const { pending, joined } = await tree_with_unmerged_leaves();
  const unmerged = pending.group.state.ratchetTree.map((node) => node?.nodeType === "parent" && node.parent.unmergedLeaves);
  assert.deepEqual([unmerged[3], unmerged[11], unmerged[7]], [[1], [5], [1, 5]]);
  for (const { group } of joined) assert.deepEqual(describe(group).members, describe(pending.group).members);
});

test("1: a tree that leaves an unmerged leaf out in between, or lists one from elsewhere, is refused", async () => {
  const { pending } = await tree_with_unmerged_leaves();
  const state = await raw_state(pending.group);
  const impl = await suite_impl(SUITE_CLASSIC);
  const cases = [
    { node: 3, unmergedLeaves: [], reason: /intermediate/ },
    { node: 3, unmergedLeaves: [5], reason: /descendant/ },
  ];
  for (const { node, unmergedLeaves, reason } of cases) {
    const tree = state.ratchetTree.slice();
    const parent = tree[node];
    assert.ok(parent?.nodeType === "parent");
    tree[node] = { nodeType: "parent", parent: { ...parent.parent, unmergedLeaves } };
    const { lifetimeConfig, authService } = state.clientConfig;
    const { groupContext } = state;
    const error = await validateRatchetTree(tree, groupContext, lifetimeConfig, authService, groupContext.treeHash, impl);
    assert.match(error?.message ?? "accepted", reason);
  }
});

test("2: whoever a Remove names is out, even when an Add of the same commit fills the leaf again", async () => {
  const devices = await people(3);
  const [alice, bob] = await Promise.all((await make_group(devices)).map(raw_state));
  const { key_package } = await key_package_of(await make_device());
  const impl = await suite_impl(SUITE_CLASSIC, devices[0].signature_key);
  const { commit } = await createCommit(
    { state: alice, cipherSuite: impl },
    {
      extraProposals: [
        { proposalType: "remove", remove: { removed: 1 } },
        { proposalType: "add", add: { keyPackage: decode_key_package(key_package) } },
      ],
    },
  );
  const result = await processMessage(/** @type {any} */ (commit), bob, emptyPskIndex, () => "accept", impl);
  assert.ok(result.kind === "newState" && result.newState.ratchetTree[2]?.nodeType === "leaf");
  assert.equal(result.newState.groupActiveState.kind, "removedFromGroup");
});

test("2: a device whose leaf is removed by an external commit is out", async () => {
  const [alice, bob] = await people(2);
  const groups = await make_group([alice, bob]);
  const { commit, group_info } = await update_keys(groups[0], trusting);
  const [, old_bob] = await all_process(groups, commit, groups[0]);
  const options = { own: bob, signature_key: bob.signature_key, policy: trusting, now: NOW };
  const again = await join_externally({ ...options, group_info });
  const result = await process(old_bob, again.commit, trusting);
  assert.ok(result.kind === "commit" && result.self_removed);
  assert.ok(describe(result.group).removed);
});

test("3: a change of the group context brings a path, made under the new context", async () => {
  const devices = await people(3);
  const [alice, bob] = await Promise.all((await make_group(devices)).map(raw_state));
  const impl = await suite_impl(SUITE_CLASSIC, devices[0].signature_key);
  const extensionData = alice.groupContext.extensions[0].extensionData.slice().fill(7, 2);
  /** @type {import("ts-mls/proposal.js").Proposal} */
  const change = {
    proposalType: "group_context_extensions",
    groupContextExtensions: { extensions: [{ extensionType: 0xf2e0, extensionData }] },
  };
  const made = await createCommit(
    { state: alice, cipherSuite: impl },
    { extraProposals: [change], wireAsPublicMessage: true },
  );
  const message = made.commit;
  assert.ok(message.wireformat === "mls_public_message" && message.publicMessage.content.contentType === "commit");
  assert.notEqual(message.publicMessage.content.commit.path, undefined);
  const result = await processMessage(message, bob, emptyPskIndex, () => "accept", impl);
  assert.ok(result.kind === "newState");
  assert.deepEqual(result.newState.keySchedule.epochAuthenticator, made.newState.keySchedule.epochAuthenticator);
  assert.deepEqual(result.newState.groupContext.extensions[0].extensionData, extensionData);
});

test("3: only commits of nothing but Add, PSK and ReInit go without a path", async () => {
  const devices = await people(2);
  const [alice] = await Promise.all((await make_group(devices)).map(raw_state));
  const impl = await suite_impl(SUITE_CLASSIC, devices[0].signature_key);
  const keyPackage = decode_key_package((await key_package_of(await make_device())).key_package);
  /** @type {import("ts-mls/proposal.js").Proposal} */
  const add = { proposalType: "add", add: { keyPackage } };
  /** @type {import("ts-mls/proposal.js").Proposal} */
  const custom = { proposalType: 0xf2e1, proposalData: new Uint8Array(0) };
  const needs = async (/** @type {import("ts-mls/proposal.js").Proposal[]} */ proposals) => {
    const listed = proposals.map((proposal) => ({ proposalOrRefType: /** @type {const} */ ("proposal"), proposal }));
    const leaf = /** @type {any} */ (0);
    return (await applyProposals(alice, listed, leaf, emptyPskIndex, true, impl)).needsUpdatePath;
  };
  assert.equal(await needs([add]), false);
  assert.equal(await needs([]), true);
  assert.equal(await needs([custom]), true);
  assert.equal(await needs([add, { proposalType: "remove", remove: { removed: 1 } }]), true);
});

test("4: the external key in group info has a length of its own, and one without is refused", async () => {
  const [alice, later] = [await make_device(), await make_device()];
  const [group] = await make_group([alice, await make_device()]);
  const { group_info } = await update_keys(group, trusting);
  const message = decode_body(group_info);
  assert.ok(message.wireformat === "mls_group_info");
  const { groupInfo } = message;
  const find = groupInfo.extensions.find(({ extensionType }) => extensionType === "external_pub");
  assert.deepEqual([find?.extensionData.length, find?.extensionData[0]], [33, 32]);
  const bare = groupInfo.extensions.map((extension) =>
    extension === find ? { ...extension, extensionData: extension.extensionData.slice(1) } : extension,
  );
  const impl = await suite_impl(SUITE_CLASSIC, later.signature_key);
  const options = { suite: SUITE_CLASSIC, now: NOW, lifetime_days: 1, last_resort: false };
  const made = await make_key_package({ ...later, ...options });
  const join = joinGroupExternal({ ...groupInfo, extensions: bare }, made.public_part, made.private_part, false, impl);
  await assert.rejects(join);
});

test("5: an external PSK counts in a commit that is a PrivateMessage", async () => {
  const devices = await people(2);
  const [alice, bob] = await Promise.all((await make_group(devices)).map(raw_state));
  const impl = await suite_impl(SUITE_CLASSIC, devices[0].signature_key);
  const pskId = to_utf8("psk");
  const psks = { [bytesToBase64(pskId)]: new Uint8Array(32).fill(5) };
  const preSharedKeyId = /** @type {const} */ ({ psktype: "external", pskId, pskNonce: new Uint8Array(32) });
  const made = await createCommit(
    { state: alice, cipherSuite: impl, pskIndex: makePskIndex(alice, psks) },
    { extraProposals: [{ proposalType: "psk", psk: { preSharedKeyId } }] },
  );
  const index = makePskIndex(bob, psks);
  const result = await processMessage(/** @type {any} */ (made.commit), bob, index, () => "accept", impl);
  assert.ok(result.kind === "newState");
  assert.deepEqual(result.newState.keySchedule.epochAuthenticator, made.newState.keySchedule.epochAuthenticator);
});

test("a removed member can decrypt nothing more, whatever it does with what it has", async () => {
  const devices = await people(4);
  const [a, bob, c] = await make_group(devices);
  const removal = await remove_members(a, [1], trusting);
  const told = await process(bob, removal.commit, trusting);
  assert.ok(told.kind === "commit" && told.self_removed);
  const carol = (await process(c, removal.commit, trusting)).group;
  const { body } = await encrypt(removal.group, to_utf8("without bob"));
  assert.equal((await process(carol, body, trusting)).kind, "application");
  for (const group of [bob, told.group]) await assert.rejects(process(group, body, trusting));
  await assert.rejects(encrypt(told.group, to_utf8("still here")), { code: "group_refused" });

  // A dishonest Bob goes on: he can read the commit, and tries every key he has on its path.
  const { state } = bob;
  const impl = await suite_impl(SUITE_CLASSIC);
  const message = decode_body(removal.commit);
  assert.ok(message.wireformat === "mls_private_message");
  const { senderDataSecret } = state.keySchedule;
  const { secretTree, ratchetTree, groupContext } = state;
  const opened = await unprotectPrivateMessage(
    senderDataSecret,
    message.privateMessage,
    secretTree,
    ratchetTree,
    groupContext,
    RETENTION,
    impl,
  );
  assert.ok(opened.content.content.contentType === "commit");
  const { path } = opened.content.content.commit;
  assert.ok(path !== undefined && path.nodes.length > 0);
  const next = removal.group.state;
  const context = encodeGroupContext({ ...groupContext, epoch: groupContext.epoch + 1n, treeHash: next.groupContext.treeHash });
  const keys = Object.values(state.privatePath.privateKeys);
  for (const { kemOutput, ciphertext } of path.nodes.flatMap(({ encryptedPathSecret }) => encryptedPathSecret)) {
    for (const bytes of keys) {
      const key = await impl.hpke.importPrivateKey(bytes);
      await assert.rejects(decryptWithLabel(key, "UpdatePathNode", context, kemOutput, ciphertext, impl.hpke));
    }
  }

  // And without a path secret the old epoch's secret alone does not lead to the new one.
  const zeros = new Uint8Array(impl.kdf.size);
  const guess = await initializeEpoch(state.keySchedule.initSecret, zeros, next.groupContext, zeros, impl.kdf);
  assert.notEqual(to_hex(guess.keySchedule.senderDataSecret), to_hex(next.keySchedule.senderDataSecret));
});
