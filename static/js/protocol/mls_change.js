// @ts-check
// Changes that this device makes: the new state is kept aside (`Pending`) until the server has accepted the commit. A
// commit that lost is dropped with its state; one's own accepted commit is never processed, its state is taken.
import { concat, equal } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";
import {
  mls_create_commit,
  mls_create_group,
  mls_create_group_info,
  mls_create_proposal,
  mls_decode_message,
  mls_decrypt_group_info,
  mls_decrypt_group_secrets,
  mls_encode_message,
  mls_join_external,
  mls_join_group,
  mls_no_psks,
  mls_tree_of_group_info,
} from "../../vendor/third_party.js";
import { PLAIN_CONFIG, run_with_policy } from "./mls_config.js";
import { decode_key_package, decode_private_part, make_key_package, read_key_package } from "./mls_key_package.js";
import { read_hashes, read_members, same_device, to_context_extensions } from "./mls_leaf.js";
import { check_change, check_joined_group, refused, removed_members, roles_due } from "./mls_policy.js";
import { to_group } from "./mls_state.js";
import { suite_impl, suite_of_name } from "./mls_suite.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Hashes, Kind, Member, Owner } from "./mls_leaf.js" */
/** @import { Policy, Proposal, View } from "./mls_policy.js" */
/** @import { Group } from "./mls_state.js" */
/** @import { SignatureKey, SuiteImpl } from "./mls_suite.js" */
/** @typedef {import("ts-mls/message.js").MLSMessage} MLSMessage */
/** @typedef {{ group: Group, commit: Bytes, welcome: Bytes | null, group_info: Bytes, added: Owner[], removed: Owner[] }}
 *    Pending `commit` is the body of the envelope, `welcome` is one for all who were added */

/**
 * @param {{ mailbox: Uint8Array, suite: number, kind: Kind, hashes?: Hashes, own: Owner, signature_key: SignatureKey, now: number }}
 *   options mailbox: 16 bytes, the group's id; hashes: of the state that a group begins with; now: unix ms
 * @returns {Promise<Group>} with this device alone in it, at epoch 0
 */
export async function create_group({ mailbox, suite, kind, hashes, own, signature_key, now }) {
  if (mailbox.length !== 16) throw refused("group_id");
  if ((kind === "group") !== (hashes !== undefined)) throw refused("context_extensions");
  const impl = await suite_impl(suite, signature_key);
  const { public_part, private_part } = await make_key_package({
    ...own,
    suite,
    signature_key,
    now,
    lifetime_days: 1,
    last_resort: false,
  });
  const extensions = to_context_extensions(hashes ?? null);
  const state = await mls_create_group(mailbox.slice(), public_part, private_part, extensions, impl, PLAIN_CONFIG);
  return to_group(state, signature_key);
}

/**
 * @param {Group} group
 * @param {Uint8Array[]} key_packages at least one
 * @param {Policy} policy
 * @param {Partial<Hashes>} [hashes] those that the group gets by the same commit
 * @returns {Promise<Pending>}
 * @throws {Talk2meError} `key_package_invalid` (also for one that is not valid now), `suite_unsupported`, `group_refused`
 */
export async function add_members(group, key_packages, policy, hashes = {}) {
  const seconds = policy.now / 1000;
  for (const key_package of key_packages) {
    const { suite, not_before, not_after } = await read_key_package(key_package);
    if (suite !== group.suite) throw new Talk2meError("suite_unsupported", { suite });
    if (seconds < not_before || seconds > not_after) throw new Talk2meError("key_package_invalid");
  }
  if (key_packages.length === 0) throw refused("nothing_to_do");
  const proposals = key_packages.map((bytes) => ({
    proposalType: /** @type {const} */ ("add"),
    add: { keyPackage: decode_key_package(bytes) },
  }));
  return make_commit(group, proposals, policy, hashes);
}

/**
 * What a group agrees on changes by commit alone; the new parts themselves (group_state.js) follow in messages.
 * @param {Group} group
 * @param {Partial<Hashes>} hashes at least one
 * @param {Policy} policy
 * @param {{ remove?: number[] }} [more] leaves that go with the same commit
 * @returns {Promise<Pending>} with new keys for this device
 * @throws {Talk2meError} `group_refused`
 */
export async function change_context(group, hashes, policy, { remove = [] } = {}) {
  if (context_proposals(group, hashes).length === 0) throw refused("nothing_to_do");
  return make_commit(group, remove_proposals(group, remove), policy, hashes);
}

/**
 * @param {Group} group
 * @param {number[]} leaves may be empty when members have asked to leave
 * @param {Policy} policy
 * @returns {Promise<Pending>} in which those who asked to leave are removed too
 * @throws {Talk2meError} `group_refused`
 */
export async function remove_members(group, leaves, policy) {
  return make_commit(group, remove_proposals(group, leaves), policy);
}

/**
 * New keys for this device (an empty commit), for security after a compromise; takes out those who asked to leave.
 * @param {Group} group
 * @param {Policy} policy
 * @returns {Promise<Pending>}
 */
export async function update_keys(group, policy) {
  return make_commit(group, [], policy);
}

/**
 * Asks the others to remove this device. Until one of them has, it can read but neither commit nor send.
 * @param {Group} group
 * @returns {Promise<{ group: Group, body: Bytes }>}
 */
export async function propose_leave(group) {
  check_active(group);
  const { state, signature_key } = group;
  const impl = await suite_impl(group.suite, signature_key);
  const remove = { proposalType: /** @type {const} */ ("remove"), remove: { removed: state.privatePath.leafIndex } };
  const made = await mls_create_proposal(state, false, remove, impl);
  return { group: to_group(made.newState, signature_key), body: encode_body(made.message) };
}

/**
 * @param {{ welcome: Uint8Array, key_packages: { key_package: Uint8Array, private_part: Uint8Array, reference: Uint8Array }[],
 *   signature_key: SignatureKey, policy: Policy }} options the key packages of this device that may have been used
 * @returns {Promise<{ group: Group, used: Uint8Array, inviter: Member }>} used: the reference of the key package, which is to
 *   be forgotten unless it is the last resort; inviter: who signed the welcome's group info. Who made the group can't be told
 *   from the tree: leaves are filled again.
 * @throws {Talk2meError} `envelope_invalid`, `group_missing` when the welcome names none of the key packages,
 *   `not_decryptable`, `group_refused`
 */
export async function join_from_welcome({ welcome, key_packages, signature_key, policy }) {
  const message = decode_body(welcome);
  if (message.wireformat !== "mls_welcome") throw new Talk2meError("envelope_invalid");
  const { cipherSuite, secrets } = message.welcome;
  const suite = suite_of_name(cipherSuite);
  if (suite === null) throw new Talk2meError("suite_unsupported");
  const own = key_packages.find(({ reference }) => secrets.some(({ newMember }) => equal(newMember, reference)));
  if (own === undefined) throw new Talk2meError("group_missing");
  const impl = await suite_impl(suite, signature_key);
  const public_part = decode_key_package(own.key_package);
  const private_part = decode_private_part(own.private_part);
  const join = (/** @type {import("ts-mls/clientConfig.js").ClientConfig} */ config) =>
    mls_join_group(message.welcome, public_part, private_part, mls_no_psks, impl, undefined, undefined, config);
  const state = await run_with_policy(policy, [], join, () => refused("welcome"));
  const { members } = check_joined_group(state.groupContext, state.ratchetTree, suite);
  const signer = await read_signer(message.welcome, own.reference, private_part, impl);
  const inviter = members.find(({ leaf }) => leaf === signer);
  if (inviter === undefined) throw refused("welcome");
  return { group: to_group(state, signature_key), used: own.reference, inviter };
}

/**
 * Enters a group of one's own account without anybody's help (RFC 9420 section 12.4.3.2). An earlier leaf of this device
 * is removed by the same commit.
 * @param {{ group_info: Uint8Array, own: Owner, signature_key: SignatureKey, policy: Policy, now: number }} options
 * @returns {Promise<Pending & { signer: Member }>} `signer`: who vouches for the group as it is, for whoever knows more of it than the server
 * @throws {Talk2meError} `envelope_invalid`, `suite_unsupported`, `group_refused`
 */
export async function join_externally({ group_info, own, signature_key, policy, now }) {
  const message = decode_body(group_info);
  if (message.wireformat !== "mls_group_info") throw new Talk2meError("envelope_invalid");
  const { groupInfo } = message;
  const suite = suite_of_name(groupInfo.groupContext.cipherSuite);
  if (suite === null) throw new Talk2meError("suite_unsupported");
  const { members } = check_joined_group(groupInfo.groupContext, tree_of(groupInfo), suite);
  if (!members.some(({ account }) => equal(account, own.account))) throw refused("external_account");
  const earlier = members.filter((member) => same_device(member, own));
  // A group that would be empty in between can't be joined: there is nobody in it to talk to either.
  if (earlier.length === members.length) throw refused("nobody_there");
  const impl = await suite_impl(suite, signature_key);
  const { public_part, private_part } = await make_key_package({
    ...own,
    suite,
    signature_key,
    now,
    lifetime_days: 1,
    last_resort: false,
  });
  const join = (/** @type {import("ts-mls/clientConfig.js").ClientConfig} */ config) =>
    mls_join_external(groupInfo, public_part, private_part, earlier.length > 0, impl, undefined, config);
  const { publicMessage, newState } = await run_with_policy(policy, [], join, () => refused("group_info"));
  const group = to_group(newState, signature_key);
  const commit = encode_body({ version: "mls10", wireformat: "mls_public_message", publicMessage });
  const signer = members.find(({ leaf }) => leaf === groupInfo.signer);
  if (signer === undefined) throw refused("group_info");
  return { group, commit, welcome: null, group_info: await make_group_info(group), added: [own], removed: earlier, signer };
}

/**
 * @param {Group} group
 * @returns {View}
 */
export function view_of({ state, kind, suite }) {
  const members = read_members(state.ratchetTree);
  if (members === null) throw refused("credential");
  return { tree: state.ratchetTree, kind, hashes: read_hashes(state.groupContext.extensions), suite, members };
}

/**
 * @param {Group} group
 * @returns {number[]} leaves whose devices asked to leave in this epoch
 */
export function pending_leaves({ state }) {
  return Object.values(state.unappliedProposals).flatMap(({ proposal }) =>
    proposal.proposalType === "remove" && "remove" in proposal ? [proposal.remove.removed] : [],
  );
}

/**
 * @param {Group} group
 * @throws {Talk2meError} `group_refused` after this device has been removed or asked to leave
 */
export function check_active(group) {
  if (group.state.groupActiveState.kind !== "active") throw refused("removed");
  if (pending_leaves(group).includes(group.state.privatePath.leafIndex)) throw refused("leaving");
}

/**
 * @param {Uint8Array} bytes
 * @returns {MLSMessage} not verified
 * @throws {Talk2meError} `envelope_invalid`
 */
export function decode_body(bytes) {
  try {
    const decoded = mls_decode_message(bytes.slice(), 0);
    if (decoded?.[1] === bytes.length) return decoded[0];
  } catch {
    // What is wrong with it does not matter.
  }
  throw new Talk2meError("envelope_invalid");
}

/** @param {MLSMessage} message @returns {Bytes} */
export function encode_body(message) {
  return concat(mls_encode_message(message));
}

/**
 * @param {Group} group
 * @param {Partial<Hashes>} hashes
 * @returns {Proposal[]} none when nothing is to change
 */
function context_proposals({ state }, hashes) {
  if (Object.keys(hashes).length === 0) return [];
  const before = read_hashes(state.groupContext.extensions);
  if (before === null) throw refused("context_extensions");
  const extensions = to_context_extensions({ ...before, ...hashes });
  return [{ proposalType: "group_context_extensions", groupContextExtensions: { extensions } }];
}

/**
 * @param {Group} group
 * @param {number[]} leaves
 * @returns {Proposal[]} without those that asked to leave: what they sent goes by reference
 */
function remove_proposals(group, leaves) {
  const leaving = pending_leaves(group);
  return [...new Set(leaves)]
    .filter((leaf) => !leaving.includes(leaf))
    .map((removed) => ({ proposalType: "remove", remove: { removed } }));
}

/**
 * @param {Group} group
 * @param {Proposal[]} proposed_now besides those that wait
 * @param {Policy} policy
 * @param {Partial<Hashes>} [hashes] that the group gets
 * @returns {Promise<Pending>}
 */
async function make_commit(group, proposed_now, policy, hashes = {}) {
  check_active(group);
  const stored = Object.values(group.state.unappliedProposals).map(({ proposal }) => proposal);
  const view = view_of(group);
  const due = await roles_due(view, removed_members(view, [...stored, ...proposed_now]), policy.rules);
  const proposals = [...context_proposals(group, { ...(due ? { roles: due } : {}), ...hashes }), ...proposed_now];
  const proposed = { proposals: [...stored, ...proposals], asked: pending_leaves(group) };
  const { added, removed } = await check_change(view, group.state.privatePath.leafIndex, proposed, policy);
  const impl = await suite_impl(group.suite, group.signature_key);
  const options = { extraProposals: proposals, ratchetTreeExtension: true };
  const make = (/** @type {import("ts-mls/clientConfig.js").ClientConfig} */ clientConfig) =>
    mls_create_commit({ state: { ...group.state, clientConfig }, cipherSuite: impl, pskIndex: mls_no_psks }, options);
  const made = await run_with_policy(policy, added, make, () => refused("commit"));
  const after = to_group(made.newState, group.signature_key);
  return {
    group: after,
    commit: encode_body(made.commit),
    welcome: made.welcome ? encode_body({ version: "mls10", wireformat: "mls_welcome", welcome: made.welcome }) : null,
    group_info: await make_group_info(after),
    added: added.map(({ account, device }) => ({ account, device })),
    removed: removed.map(({ account, device }) => ({ account, device })),
  };
}

/**
 * With the tree and the external key, so that another device of a member's account can join by itself.
 * @param {Group} group
 * @returns {Promise<Bytes>}
 */
async function make_group_info(group) {
  const impl = await suite_impl(group.suite, group.signature_key);
  const groupInfo = await mls_create_group_info(group.state, [], impl);
  return encode_body({ version: "mls10", wireformat: "mls_group_info", groupInfo });
}

/**
 * Of a welcome that has been accepted: the library verifies the signature and does not tell whose it is.
 * @param {import("ts-mls/welcome.js").Welcome} welcome
 * @param {Uint8Array} reference
 * @param {{ initPrivateKey: Uint8Array }} private_part
 * @param {SuiteImpl} impl
 * @returns {Promise<number | undefined>} leaf
 */
async function read_signer(welcome, reference, { initPrivateKey }, impl) {
  const init_key = await impl.hpke.importPrivateKey(initPrivateKey);
  const secrets = await mls_decrypt_group_secrets(init_key, reference, welcome, impl.hpke);
  if (secrets === undefined) return undefined;
  const no_psk = new Uint8Array(impl.kdf.size);
  return (await mls_decrypt_group_info(welcome, secrets.joinerSecret, no_psk, impl))?.signer;
}

/** @param {import("ts-mls/groupInfo.js").GroupInfo} group_info */
function tree_of(group_info) {
  try {
    const tree = mls_tree_of_group_info(group_info);
    if (tree !== undefined) return tree;
  } catch {
    // As if there were none.
  }
  throw refused("group_info");
}
