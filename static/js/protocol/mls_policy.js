// @ts-check
// What a group refuses although MLS allows it (docs/protocol.md 10), checked before the library changes any state. A
// refusal depends only on the group's state, so that all members refuse alike; logged events come in by `check_leaf` and
// `is_inactive`.
import { equal, to_hex } from "../codec/bytes.js";
import { Talk2meError } from "../errors.js";
import { judge_change } from "./group_rules.js";
import { due_roles } from "./group_state.js";
import { check_key_package } from "./mls_key_package.js";
import {
  CONVERSATION_EXTENSION,
  leaf_at,
  read_credential,
  read_hashes,
  read_kind,
  read_members,
  same_device,
} from "./mls_leaf.js";
import { suite_name } from "./mls_suite.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Rules } from "./group_rules.js" */
/** @import { Hashes, Kind, LeafNode, Member, Owner, Tree } from "./mls_leaf.js" */
/** @import { KeyPackageContents } from "./mls_key_package.js" */
/** @typedef {import("ts-mls/proposal.js").Proposal} Proposal */
/** @typedef {import("ts-mls/commit.js").Commit} Commit */
/** @typedef {import("ts-mls/unappliedProposals.js").UnappliedProposals} StoredProposals */
/** @typedef {import("ts-mls/updatePath.js").UpdatePath} UpdatePath */
/** @typedef {import("ts-mls/clientConfig.js").ClientConfig} ClientConfig */
/** @typedef {{ tree: Tree, kind: Kind, hashes: Hashes | null, suite: number, members: Member[] }} View the group before the change */
/** @typedef {{ proposals: Proposal[], asked: number[] }} Proposed `asked`: leaves that a Remove of their own is for */
/** @typedef {{ added: KeyPackageContents[], removed: Member[], hashes: Hashes | null }} Changes `hashes`: those after it */
/** @typedef {Owner & { signature_key: Bytes, state: "present" | "added" }} LeafQuestion */
/**
 * @typedef {object} Policy
 * @property {(question: LeafQuestion) => Promise<boolean>} check_leaf tells whether the account's chain vouches for this
 *   device and key: `added` ones must be active now, `present` ones must have been once. What it throws, for example
 *   because a proof is missing, comes out of the operation as it is.
 * @property {number} now unix ms
 * @property {Rules | null} [rules] by which members' changes of a group are judged; without them none is
 * @property {(device: Owner & { signature_key: Bytes }) => Promise<boolean>} [is_inactive] tells whether the account's chain says that
 *   this is no longer one of its devices. What it throws comes out as it is.
 */

const START_LENGTH = 16;

/** @param {string} reason for logs and tests; people see one sentence for all */
export function refused(reason) {
  return new Talk2meError("group_refused", { reason });
}

/**
 * @param {View} view
 * @param {number} committer leaf
 * @param {Commit} commit
 * @param {Proposed} proposed what it proposes
 * @param {Policy} policy
 * @returns {Promise<Changes>}
 */
export async function check_member_commit(view, committer, { path }, proposed, policy) {
  if (path !== undefined) {
    check_new_keys(view.tree, [...added_leaf_nodes(proposed.proposals), path.leafNode, ...path.nodes]);
    check_path_leaf(view, committer, path.leafNode);
  }
  return check_change(view, committer, proposed, policy);
}

/**
 * @param {View} view
 * @param {number} committer leaf
 * @param {Proposed} proposed
 * @param {Policy} policy
 * @returns {Promise<Changes>}
 */
export async function check_change(view, committer, { proposals, asked }, policy) {
  const changes = await check_proposals(view, proposals);
  if (changes.removed.some(({ leaf }) => leaf === committer)) throw refused("committer_removed");
  await check_rules(view, committer, changes, asked, policy);
  return changes;
}

/**
 * The joiner's account must be in the group already: else whoever gets hold of the group info could come in.
 * @param {View} view
 * @param {Commit} commit
 * @returns {{ joiner: Owner & { signature_key: Bytes }, removed: Member[] }}
 */
export function check_external_commit(view, { path, proposals }) {
  const listed = proposals.map((entry) => {
    if (entry.proposalOrRefType !== "proposal") throw refused("external_reference");
    return entry.proposal;
  });
  if (path === undefined) throw refused("external_path");
  const owner = read_credential(path.leafNode.credential);
  if (owner === null) throw refused("credential");
  const inits = listed.filter(({ proposalType }) => proposalType === "external_init");
  const removed = removed_members(view, listed);
  if (inits.length !== 1 || inits.length + removed.length !== listed.length) throw refused("external_proposal");
  if (removed.length > 1 || removed.some((member) => !same_device(member, owner))) throw refused("external_remove");
  if (!view.members.some(({ account }) => equal(account, owner.account))) throw refused("external_account");
  const joiner = { ...owner, signature_key: path.leafNode.signaturePublicKey.slice() };
  check_devices(view.members.filter((member) => !removed.includes(member)), [joiner]);
  check_new_keys(view.tree, [path.leafNode, ...path.nodes]);
  check_supports(view, path.leafNode);
  return { joiner, removed };
}

/**
 * @param {View} view
 * @param {Proposal[]} proposals of a member's commit
 * @returns {Promise<Changes>}
 */
async function check_proposals(view, proposals) {
  const removed = removed_members(view, proposals);
  const added = [];
  let { hashes } = view;
  for (const proposal of proposals) {
    if (proposal.proposalType === "add" && "add" in proposal) {
      const { keyPackage } = proposal.add;
      if (keyPackage.cipherSuite !== suite_name(view.suite)) throw refused("suite");
      check_supports(view, keyPackage.leafNode);
      added.push(await check_key_package(keyPackage).catch(() => Promise.reject(refused("key_package"))));
    } else if (proposal.proposalType === "group_context_extensions" && "groupContextExtensions" in proposal) {
      const { extensions } = proposal.groupContextExtensions;
      if (view.kind === "direct" || read_kind(extensions) !== view.kind) throw refused("context_extensions");
      hashes = read_hashes(extensions);
    } else if (proposal.proposalType !== "remove") {
      throw refused("proposal_type");
    }
  }
  if (added.length > 0 && removed.length > 0) throw refused("add_and_remove");
  check_devices(view.members, added);
  if (view.kind === "direct" && added.length > 0 && count_accounts([...view.members, ...added]) > 2) {
    throw refused("third_account");
  }
  check_new_keys(view.tree, added_leaf_nodes(proposals));
  return { added, removed, hashes };
}

/**
 * Chains are asked only where the rules alone would refuse.
 * @param {View} view
 * @param {number} committer leaf
 * @param {Changes} changes
 * @param {number[]} asked leaves
 * @param {Policy} policy
 */
async function check_rules(view, committer, changes, asked, { rules = null, is_inactive }) {
  if (rules === null || view.kind === "direct") return;
  const due = await roles_due(view, changes.removed, rules);
  const change = { ...to_change(view, committer, changes, asked, due), rules };
  let refusal = judge_change(change);
  if (refusal === "refused_remove" && is_inactive) {
    const removed = [];
    for (const one of change.removed) removed.push({ ...one, inactive: await is_inactive(one) });
    refusal = judge_change({ ...change, removed });
  }
  // Whoever may give roles may give others in the same commit, but not leave them with those who go.
  if (due !== null && equal(hashes_in(changes).roles, hashes_in(view).roles)) refusal ??= "refused_roles";
  if (refusal !== null) throw refused(refusal);
}

/**
 * @param {View} view
 * @param {Member[]} removed
 * @param {Rules | null} [rules]
 * @returns {Promise<Bytes | null>} the hash that the roles get by such a commit; null for that of before
 */
export async function roles_due(view, removed, rules) {
  if (!rules || view.hashes === null) return null;
  const staying = view.members.filter((member) => !removed.includes(member));
  return (await due_roles(rules, view.hashes.roles, staying.map(account_of)))?.hash ?? null;
}

/** @param {{ hashes: Hashes | null }} group */
const hashes_in = ({ hashes }) => /** @type {Hashes} */ (hashes);

/** @param {{ account: Bytes }} owner */
const account_of = ({ account }) => account;

/**
 * @param {View} view
 * @param {number} committer leaf
 * @param {Changes} changes
 * @param {number[]} asked leaves
 * @param {Bytes | null} due
 */
function to_change(view, committer, changes, asked, due) {
  const { members } = view;
  const [before, after] = [hashes_in(view), hashes_in(changes)];
  return {
    present: members.map(account_of),
    committer: account_of(/** @type {Member} */ (members.find(({ leaf }) => leaf === committer))),
    roles_changed: !equal(due ?? before.roles, after.roles) && !equal(before.roles, after.roles),
    rights_changed: !equal(before.rights, after.rights),
    settings_changed: !equal(before.settings, after.settings),
    added: changes.added.map(account_of),
    removed: changes.removed.map((member) => ({ ...member, asked: asked.includes(member.leaf), inactive: false })),
  };
}

/**
 * The only standalone proposal is to leave.
 * @param {Proposal} proposal
 * @param {number} sender leaf
 */
export function check_standalone_proposal(proposal, sender) {
  const leaves = proposal.proposalType === "remove" && "remove" in proposal && proposal.remove.removed === sender;
  if (!leaves) throw refused("standalone_proposal");
}

/**
 * @param {import("ts-mls/groupContext.js").GroupContext} context
 * @param {Tree} tree of the group that is about to be joined
 * @param {number} suite
 * @returns {View}
 */
export function check_joined_group({ groupId, extensions }, tree, suite) {
  const kind = read_kind(extensions);
  const members = read_members(tree);
  if (groupId.length !== 16) throw refused("group_id");
  if (kind === null) throw refused("context_extensions");
  if (members === null) throw refused("credential");
  if (kind === "direct" && count_accounts(members) > 2) throw refused("third_account");
  return { tree, kind, hashes: read_hashes(extensions), suite, members };
}

/**
 * Proposals of a commit, those by reference among the stored ones found.
 * @param {Commit["proposals"]} entries
 * @param {StoredProposals} stored
 * @param {(reference: Uint8Array) => string} to_key
 * @returns {Proposed}
 */
export function find_proposals(entries, stored, to_key) {
  const found = entries.map((entry) => {
    if (entry.proposalOrRefType === "proposal") return { proposal: entry.proposal, by_reference: false };
    const { proposal } = stored[to_key(entry.reference)] ?? {};
    if (proposal === undefined) throw refused("unknown_reference");
    return { proposal, by_reference: true };
  });
  // What is stored has been through `check_standalone_proposal`.
  const asked = found.flatMap(({ proposal, by_reference }) => (by_reference && "remove" in proposal ? [proposal.remove.removed] : []));
  return { proposals: found.map(({ proposal }) => proposal), asked };
}

/** @param {View} view @param {Proposal[]} proposals @returns {Member[]} */
export function removed_members({ members }, proposals) {
  const removed = proposals.flatMap((proposal) => {
    if (proposal.proposalType !== "remove" || !("remove" in proposal)) return [];
    const member = members.find(({ leaf }) => leaf === proposal.remove.removed);
    if (member === undefined) throw refused("remove_of_nobody");
    return [member];
  });
  if (new Set(removed).size !== removed.length) throw refused("removed_twice");
  return removed;
}

/**
 * Nothing in the library keeps a device or a signature key from standing in a tree twice; and then nobody could join any
 * more, since it refuses to join such a tree (RFC 9420 section 7.3).
 * @param {(Owner & { signature_key: Uint8Array })[]} present
 * @param {(Owner & { signature_key: Uint8Array })[]} added
 */
function check_devices(present, added) {
  const after = [...present, ...added];
  if (new Set(after.map(({ device }) => to_hex(device))).size !== after.length) throw refused("device_twice");
  if (new Set(after.map(({ signature_key }) => to_hex(signature_key))).size !== after.length) {
    throw refused("signature_key_twice");
  }
}

/** @param {Proposal[]} proposals */
function added_leaf_nodes(proposals) {
  return proposals.flatMap((proposal) => ("add" in proposal ? [proposal.add.keyPackage.leafNode] : []));
}

/** @param {Owner[]} owners */
function count_accounts(owners) {
  return new Set(owners.map(({ account }) => to_hex(account))).size;
}

/**
 * Every encryption key that a commit brings has to be new to the tree, and used once (RFC 9420 sections 7.3 and 12.4.3);
 * the library does not look.
 * @param {Tree} tree before the commit
 * @param {{ hpkePublicKey: Uint8Array }[]} brought
 */
function check_new_keys(tree, brought) {
  if (brought.length === 0) return;
  // By their first bytes: keys are long, a tree has many, and hardly two begin alike.
  /** @type {Map<string, Uint8Array[]>} */
  const used = new Map();
  const alike = (/** @type {Uint8Array} */ key) => {
    const start = to_hex(key.subarray(0, START_LENGTH));
    const keys = used.get(start) ?? [];
    used.set(start, keys);
    return keys;
  };
  for (const node of tree) {
    if (node === undefined) continue;
    const { hpkePublicKey } = node.nodeType === "leaf" ? node.leaf : node.parent;
    alike(hpkePublicKey).push(hpkePublicKey);
  }
  for (const { hpkePublicKey } of brought) {
    const keys = alike(hpkePublicKey);
    if (keys.some((key) => equal(key, hpkePublicKey))) throw refused("encryption_key_twice");
    keys.push(hpkePublicKey);
  }
}

/**
 * A device keeps its credential and signature key for as long as it is in a group.
 * @param {View} view
 * @param {number} committer
 * @param {LeafNode} leaf_node
 */
function check_path_leaf(view, committer, leaf_node) {
  const before = leaf_at(view.tree, committer);
  const owner = read_credential(leaf_node.credential);
  const owner_before = before && read_credential(before.credential);
  if (before === null || owner === null || owner_before === null) throw refused("credential");
  if (!same_device(owner, owner_before)) throw refused("credential");
  if (!equal(before.signaturePublicKey, leaf_node.signaturePublicKey)) throw refused("signature_key_changed");
  check_supports(view, leaf_node);
}

/** @param {View} view @param {LeafNode} leaf_node */
function check_supports({ kind }, { capabilities }) {
  if (kind === "group" && !capabilities.extensions.includes(CONVERSATION_EXTENSION)) throw refused("capabilities");
}
