// @ts-check
// What a dishonest member or server may try, and that it is refused without a trace (docs/protocol.md 10).
import assert from "node:assert/strict";
import { test } from "node:test";
import { makePskIndex } from "ts-mls/clientState.js";
import { encodeExternalSender } from "ts-mls/externalSender.js";
import { bytesToBase64 } from "ts-mls/util/byteArray.js";
import { equal, to_utf8 } from "../../../static/js/codec/bytes.js";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { Talk2meError } from "../../../static/js/errors.js";
import {
  SUITE_CLASSIC,
  SUITE_XWING,
  add_members,
  create_key_package,
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
import { decode_body, encode_body } from "../../../static/js/protocol/mls_change.js";
import { decode_key_package } from "../../../static/js/protocol/mls_key_package.js";
import { to_credential } from "../../../static/js/protocol/mls_leaf.js";
import { hostile_commit, hostile_external_commit, hostile_message, hostile_proposal } from "./mls_hostile.js";
import { NOW, key_package_of, make_device, make_group, policy_of, trusting } from "./mls_people.js";

/** @import { Group } from "../../../static/js/protocol/mls_state.js" */
/** @import { Policy } from "../../../static/js/protocol/mls_policy.js" */
/** @import { AnyProposal } from "./mls_hostile.js" */

const REMOVE_OF_BOB = /** @type {AnyProposal} */ ({ proposalType: "remove", remove: { removed: 1 } });

/** @param {Uint8Array} key_package @returns {AnyProposal} */
function add(key_package) {
  return { proposalType: "add", add: { keyPackage: decode_key_package(key_package) } };
}

/** @param {import("ts-mls/extension.js").ExtensionType} type @param {Uint8Array} data @returns {AnyProposal} */
function context_change(type, data) {
  const extensions = [{ extensionType: type, extensionData: data }];
  return { proposalType: "group_context_extensions", groupContextExtensions: { extensions } };
}

/** Mallory (leaf 0), Bob (1) and Carol (2). @param {"direct" | "group"} [kind] */
async function mallory_bob_carol(kind = "group") {
  const mallory = await make_device();
  const bob = await make_device();
  const carol = await make_device(mallory.account);
  const groups = await make_group([mallory, bob, carol], { kind });
  return { devices: { mallory, bob, carol }, mallory: groups[0], bob: groups[1], carol: groups[2] };
}

/**
 * @param {Group} group
 * @param {Uint8Array} body
 * @param {{ code?: string, reason?: string, policy?: Policy, honest: Group }} expected
 *   honest: another member, whom this one can still read afterwards
 */
async function assert_refused(group, body, { code = "group_refused", reason, policy = trusting, honest }) {
  const before = group_parts(group);
  await assert.rejects(process(group, body, policy), (/** @type {Talk2meError} */ error) => {
    assert.equal(error.code, code);
    if (reason !== undefined) assert.equal(error.details.reason, reason);
    return true;
  });
  const after = group_parts(group);
  assert.deepEqual([...after.keys()], [...before.keys()]);
  for (const [name, bytes] of after) assert.equal(bytes, before.get(name));
  const { body: next } = await encrypt(honest, to_utf8("still here"));
  assert.equal((await process(group, next, trusting)).kind, "application");
}

/** @typedef {Awaited<ReturnType<typeof mallory_bob_carol>>} Setup */

/** @type {Record<string, (setup: Setup) => Promise<{ proposals: AnyProposal[] }>>} */
const REFUSED_PROPOSALS = {
  proposal_type: async () => ({ proposals: [{ proposalType: 0xf2e1, proposalData: new Uint8Array(0) }] }),
  add_and_remove: async () => ({ proposals: [REMOVE_OF_BOB, add((await key_package_of(await make_device())).key_package)] }),
  context_extensions: async () => ({ proposals: [context_change(0xf2e0, new Uint8Array(66).fill(9))] }),
  device_twice: async ({ devices }) => {
    const again = { ...devices.bob, signature_key: (await make_device()).signature_key };
    return { proposals: [add((await key_package_of(again)).key_package)] };
  },
  signature_key_twice: async ({ devices }) => {
    const twin = { ...(await make_device()), signature_key: devices.mallory.signature_key };
    return { proposals: [add((await key_package_of(twin)).key_package)] };
  },
};

for (const [reason, make] of Object.entries(REFUSED_PROPOSALS)) {
  test(`a commit is refused: ${reason}`, async () => {
    const setup = await mallory_bob_carol();
    const { proposals } = await make(setup);
    const { body } = await hostile_commit(setup.mallory, proposals, {
      alter: (state) => ({
        ...state,
        clientConfig: {
          ...state.clientConfig,
          keyPackageEqualityConfig: { compareKeyPackages: () => false, compareKeyPackageToLeafNode: () => false },
        },
      }),
    });
    await assert_refused(setup.carol, body, { reason, honest: setup.bob });
  });
}

test("a ReInit is refused", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const { version, cipherSuite, extensions } = mallory.state.groupContext;
  const reinit = { groupId: random_bytes(16), version, cipherSuite, extensions };
  const { body } = await hostile_commit(mallory, [{ proposalType: "reinit", reinit }]);
  await assert_refused(carol, body, { reason: "proposal_type", honest: bob });
});

test("a PSK is refused", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const pskId = random_bytes(8);
  const preSharedKeyId = /** @type {const} */ ({ psktype: "external", pskId, pskNonce: random_bytes(32) });
  const psks = makePskIndex(undefined, { [bytesToBase64(pskId)]: random_bytes(32) });
  const { body } = await hostile_commit(mallory, [{ proposalType: "psk", psk: { preSharedKeyId } }], { psks });
  await assert_refused(carol, body, { reason: "proposal_type", honest: bob });
});

test("in a group the context may take a new state, in a direct conversation nothing", async () => {
  const data = Uint8Array.of(1, 2, ...random_bytes(96));
  for (const kind of /** @type {const} */ (["group", "direct"])) {
    const { mallory, bob, carol } = await mallory_bob_carol(kind);
    const { body } = await hostile_commit(mallory, [context_change(0xf2e0, data)]);
    if (kind === "direct") await assert_refused(carol, body, { reason: "context_extensions", honest: bob });
    else assert.equal((await process(carol, body, trusting)).kind, "commit");
  }
});

test("external senders cannot be let in", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const signaturePublicKey = (await make_device()).signature_key.public_key;
  const credential = to_credential(await make_device());
  const data = encodeExternalSender({ signaturePublicKey, credential });
  const { body } = await hostile_commit(mallory, [context_change("external_senders", data)]);
  await assert_refused(carol, body, { reason: "context_extensions", honest: bob });
});

test("a third account does not get into a direct conversation, by whomever it is added", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol("direct");
  const { key_package } = await key_package_of(await make_device());
  const { body, welcome } = await hostile_commit(mallory, [add(key_package)]);
  await assert_refused(carol, body, { reason: "third_account", honest: bob });
  await assert.rejects(add_members(bob, [key_package], trusting), { details: { reason: "third_account" } });
  assert.ok(welcome !== null);
});

test("whoever is invited into a direct conversation of three accounts does not join", async () => {
  const { mallory } = await mallory_bob_carol("direct");
  const device = await make_device();
  const own = await key_package_of(device);
  const { welcome } = await hostile_commit(mallory, [add(own.key_package)]);
  const options = { welcome: welcome ?? new Uint8Array(0), key_packages: [own], signature_key: device.signature_key };
  await assert.rejects(join_from_welcome({ ...options, policy: trusting }), { details: { reason: "third_account" } });
});

test("a leaf that is not an active device of its account is not added by us and not accepted from others", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const { key_package } = await key_package_of(await make_device());
  const policy = policy_of(({ state }) => state === "present");
  const { body } = await hostile_commit(mallory, [add(key_package)]);
  await assert_refused(carol, body, { policy, honest: bob });
  await assert.rejects(add_members(carol, [key_package], policy), { code: "group_refused" });
});

test("a missing proof comes out as it went in, and nothing is decided", async () => {
  const { mallory, carol } = await mallory_bob_carol();
  const { key_package } = await key_package_of(await make_device());
  const { body } = await hostile_commit(mallory, [add(key_package)]);
  const waiting = policy_of(() => {
    throw new Talk2meError("offline");
  });
  await assert.rejects(process(carol, body, waiting), { code: "offline" });
  assert.equal((await process(carol, body, trusting)).kind, "commit");
});

test("members who were once valid stay so for those who join, whatever became of them", async () => {
  const { mallory } = await mallory_bob_carol();
  const device = await make_device();
  const own = await key_package_of(device);
  const { welcome } = await add_members(mallory, [own.key_package], trusting);
  /** @type {string[]} */
  const asked = [];
  const policy = policy_of(({ state }) => asked.push(state) > 0);
  const options = { welcome: welcome ?? new Uint8Array(0), key_packages: [own], signature_key: device.signature_key };
  await join_from_welcome({ ...options, policy });
  assert.deepEqual([...new Set(asked)], ["present"]);
  const never = policy_of(() => false);
  await assert.rejects(join_from_welcome({ ...options, policy: never }), { code: "group_refused" });
});

test("keys of a path that repeat, or that the tree has, are refused", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const same = await hostile_commit(mallory, [], {
    impl: (impl) => {
      const pair = impl.hpke.generateKeyPair();
      return { ...impl, hpke: { ...impl.hpke, deriveKeyPair: () => pair } };
    },
  });
  await assert_refused(carol, same.body, { reason: "encryption_key_twice", honest: bob });
  const bob_leaf = carol.state.ratchetTree[2];
  assert.ok(bob_leaf?.nodeType === "leaf");
  const stale = await hostile_commit(mallory, [], {
    impl: (impl) => {
      const deriveKeyPair = async (/** @type {Uint8Array} */ ikm) => ({
        ...(await impl.hpke.deriveKeyPair(ikm)),
        publicKey: await impl.hpke.importPublicKey(bob_leaf.leaf.hpkePublicKey),
      });
      return { ...impl, hpke: { ...impl.hpke, deriveKeyPair } };
    },
  });
  await assert_refused(carol, stale.body, { reason: "encryption_key_twice", honest: bob });
});

test("a member cannot turn into someone else by a commit", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const none = { versions: ["mls10"], ciphersuites: [], extensions: [], proposals: [], credentials: ["basic"] };
  for (const { change, reason } of [
    { change: { credential: { credentialType: "basic", identity: random_bytes(32) } }, reason: "credential" },
    { change: { signaturePublicKey: random_bytes(32) }, reason: "signature_key_changed" },
    { change: { capabilities: none }, reason: "capabilities" },
  ]) {
    const { body } = await hostile_commit(mallory, [], {
      alter: (state) => {
        const ratchetTree = state.ratchetTree.slice();
        const own = ratchetTree[0];
        assert.ok(own?.nodeType === "leaf");
        ratchetTree[0] = { nodeType: "leaf", leaf: /** @type {any} */ ({ ...own.leaf, ...change }) };
        return { ...state, ratchetTree };
      },
    });
    await assert_refused(carol, body, { reason, honest: bob });
  }
});

test("the only standalone proposal is to leave", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const { key_package } = await key_package_of(await make_device());
  for (const proposal of [REMOVE_OF_BOB, add(key_package)]) {
    const { body } = await hostile_proposal(mallory, proposal);
    await assert_refused(carol, body, { reason: "standalone_proposal", honest: bob });
  }
});

test("a commit that names a proposal that was refused is refused", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const { state } = await hostile_proposal(mallory, REMOVE_OF_BOB);
  const { body } = await hostile_commit(mallory, [], { alter: () => ({ ...state }) });
  await assert_refused(carol, body, { reason: "unknown_reference", honest: bob });
});

test("authenticated data is refused", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const body = await hostile_message(mallory, to_utf8("hello"), to_utf8("data"));
  await assert_refused(carol, body, { code: "envelope_invalid", reason: "authenticated_data", honest: bob });
});

test("an envelope of another conversation is refused, before and after decryption", async () => {
  const one = await mallory_bob_carol();
  const other = await mallory_bob_carol();
  const { body } = await encrypt(one.mallory, to_utf8("hello"));
  await assert_refused(other.carol, body, { code: "envelope_invalid", reason: "group_id", honest: other.bob });
  const message = decode_body(body);
  assert.ok(message.wireformat === "mls_private_message");
  const moved = encode_body({ ...message, privateMessage: { ...message.privateMessage, groupId: other.carol.mailbox } });
  await assert_refused(other.carol, moved, { code: "not_decryptable", honest: other.bob });
});

test("a member's commit or proposal in the open is refused", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const { body } = await hostile_commit(mallory, [], { options: { wireAsPublicMessage: true } });
  await assert_refused(carol, body, { reason: "public_message", honest: bob });
});

test("external commits: only a device of a member's account, taking out no one but its own earlier leaf", async () => {
  const { devices, mallory, bob, carol } = await mallory_bob_carol();
  const { group_info, commit, group } = await update_keys(mallory, trusting);
  const [b, c] = await Promise.all([bob, carol].map(async (one) => (await process(one, commit, trusting)).group));
  const is_bob = (/** @type {any} */ leaf) => equal(leaf.signaturePublicKey, devices.bob.signature_key.public_key);

  const stranger = await hostile_external_commit(group_info, await make_device());
  await assert_refused(c, stranger, { reason: "external_account", honest: b });
  const later = await make_device(devices.bob.account);
  const pushing = await hostile_external_commit(group_info, later, is_bob);
  await assert_refused(c, pushing, { reason: "external_remove", honest: b });
  const own = { group_info, signature_key: later.signature_key, policy: trusting, now: NOW };
  const joined = await join_externally({ ...own, own: later });
  const accepted = await process(c, joined.commit, trusting);
  assert.ok(accepted.kind === "commit" && accepted.external);
  assert.deepEqual(accepted.added, [{ account: later.account, device: later.device }]);
  assert.deepEqual(describe(accepted.group).members, describe(joined.group).members);
  const inactive = policy_of(({ state }) => state === "present");
  await assert_refused(c, joined.commit, { policy: inactive, honest: group });
  await assert.rejects(join_externally({ ...own, own: await make_device() }), { details: { reason: "external_account" } });
});

test("a device that lost its state comes back by itself, in place of its old leaf", async () => {
  const { devices, mallory, carol } = await mallory_bob_carol("direct");
  const { group_info, commit } = await update_keys(mallory, trusting);
  const c = (await process(carol, commit, trusting)).group;
  const { bob } = devices;
  const back = await join_externally({ group_info, own: bob, signature_key: bob.signature_key, policy: trusting, now: NOW });
  assert.deepEqual(back.removed.map(({ device }) => device), [bob.device]);
  const seen = await process(c, back.commit, trusting);
  assert.equal(describe(seen.group).members.length, 3);
  const { body } = await encrypt(back.group, to_utf8("back"));
  assert.equal((await process(seen.group, body, trusting)).kind, "application");
});

test("a group in which one was alone is not come back to", async () => {
  const alone = await make_device();
  const [group] = await make_group([alone]);
  const { group_info } = await update_keys(group, trusting);
  const options = { group_info, own: alone, signature_key: alone.signature_key, policy: trusting, now: NOW };
  await assert.rejects(join_externally(options), { details: { reason: "nobody_there" } });
});

test("whoever wants to leave is taken out by the next commit, and nobody speaks before", async () => {
  const { mallory, bob, carol } = await mallory_bob_carol();
  const leaving = await propose_leave(bob);
  await assert.rejects(encrypt(leaving.group, to_utf8("one more thing")), { details: { reason: "leaving" } });
  await assert.rejects(update_keys(leaving.group, trusting), { details: { reason: "leaving" } });
  const told = await process(carol, leaving.body, trusting);
  assert.ok(told.kind === "proposal" && told.leaves === 1);
  assert.deepEqual(describe(told.group).leaving, [1]);
  await assert.rejects(encrypt(told.group, to_utf8("bye")), { details: { reason: "commit_first" } });
  const { key_package } = await key_package_of(await make_device());
  await assert.rejects(add_members(told.group, [key_package], trusting), { details: { reason: "add_and_remove" } });
  const out = await remove_members(told.group, [1], trusting);
  assert.equal(describe(out.group).members.length, 2);
  const gone = await process(leaving.group, out.commit, trusting);
  assert.ok(gone.kind === "commit" && gone.self_removed && describe(gone.group).removed);
  const seen = await process((await process(mallory, leaving.body, trusting)).group, out.commit, trusting);
  assert.deepEqual(describe(seen.group).members, describe(out.group).members);
});

test("key packages that do not fit are not added", async () => {
  const { bob } = await mallory_bob_carol();
  const device = await make_device();
  const other_suite = await create_key_package({ suite: SUITE_XWING, ...device, now: NOW });
  const expired = await create_key_package({ suite: SUITE_CLASSIC, ...device, now: NOW - 91 * 86_400_000 });
  const early = await create_key_package({ suite: SUITE_CLASSIC, ...device, now: NOW + 86_400_000 });
  await assert.rejects(add_members(bob, [other_suite.key_package], trusting), { code: "suite_unsupported" });
  for (const { key_package } of [expired, early]) {
    await assert.rejects(add_members(bob, [key_package], trusting), { code: "key_package_invalid" });
  }
  await assert.rejects(add_members(bob, [], trusting), { code: "group_refused" });
});
