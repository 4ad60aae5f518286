// @ts-check
// What comes out of a conversation's mailbox: application messages, commits and wishes to leave. Nothing changes in the
// group that was given; what is refused leaves no trace.
import { equal } from "../codec/bytes.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import {
  mls_create_application_message,
  mls_exporter,
  mls_no_psks,
  mls_process_message,
  mls_to_base64,
  mls_unprotect_private_message,
} from "../../vendor/third_party.js";
import { PLAIN_CONFIG, RETENTION, run_with_policy } from "./mls_config.js";
import { check_active, decode_body, encode_body, pending_leaves, view_of } from "./mls_change.js";
import { leaf_at, read_credential, read_members } from "./mls_leaf.js";
import {
  check_external_commit,
  check_member_commit,
  check_standalone_proposal,
  find_proposals,
  refused,
} from "./mls_policy.js";
import { to_group } from "./mls_state.js";
import { suite_impl } from "./mls_suite.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Member, Owner, Tree } from "./mls_leaf.js" */
/** @import { Policy } from "./mls_policy.js" */
/** @import { Group } from "./mls_state.js" */
/** @typedef {import("ts-mls/privateMessage.js").PrivateMessage} PrivateMessage */
/** @typedef {import("ts-mls/publicMessage.js").PublicMessage} PublicMessage */
/** @typedef {import("ts-mls/clientState.js").ClientState} ClientState */
/** @typedef {import("ts-mls/message.js").MLSMessage} MLSMessage */
/** @typedef {Owner & { leaf: number }} Sender */
/** @typedef {{ kind: "application", group: Group, sender: Sender, plain: Bytes }} Application */
/** @typedef {{ kind: "commit", group: Group, committer: Owner, external: boolean, added: Owner[], removed: Owner[],
 *    self_removed: boolean }} Commit */
/** @typedef {{ kind: "proposal", group: Group, proposer: Owner, leaves: number }} Proposal */
/** @typedef {{ by: Bytes, added: Bytes[], removed: Bytes[] }} Named devices; `by`: of the committer */

/**
 * @param {Group} group
 * @param {Uint8Array} plain padded by the caller: MLS pads nothing here
 * @returns {Promise<{ group: Group, body: Bytes }>} the group is to be stored before the body leaves, or a key is used twice
 * @throws {Talk2meError} `group_refused`, with reason `commit_first` while someone's wish to leave waits
 */
export async function encrypt(group, plain) {
  check_active(group);
  if (pending_leaves(group).length > 0) throw refused("commit_first");
  const impl = await suite_impl(group.suite, group.signature_key);
  const { newState, privateMessage } = await mls_create_application_message(group.state, plain, impl);
  const body = encode_body({ version: "mls10", wireformat: "mls_private_message", privateMessage });
  return { group: to_group(newState, group.signature_key), body };
}

/**
 * @param {Group} group
 * @param {Uint8Array} body of an envelope that this device did not send
 * @param {Policy} policy
 * @returns {Promise<Application | Commit | Proposal>}
 * @throws {Talk2meError} `envelope_invalid` for what is no MLS message of this group; `not_decryptable`, with reason
 *   `epoch_ahead` when a commit is missing here and `own_leaf` when a copy of this device sent it; `group_refused`, with
 *   `by`, the account of whoever sent it, where that is proven, and of a commit `named`. What the policy throws comes through.
 */
export async function process(group, body, policy) {
  const message = decode_body(body);
  if (group.state.groupActiveState.kind !== "active") throw refused("removed");
  if (message.wireformat === "mls_private_message") return process_private(group, message.privateMessage, policy);
  if (message.wireformat === "mls_public_message") return process_public(group, message.publicMessage, policy);
  throw new Talk2meError("envelope_invalid");
}

/**
 * A secret that all members of this epoch share (RFC 9420 section 8.5).
 * @param {Group} group
 * @param {string} label
 * @param {Uint8Array} context
 * @param {number} length
 * @returns {Promise<Bytes>}
 */
export async function export_secret({ state, suite }, label, context, length) {
  const impl = await suite_impl(suite);
  return (await mls_exporter(state.keySchedule.exporterSecret, label, context, length, impl)).slice();
}

/**
 * @param {Group} group
 * @param {PrivateMessage} message
 * @param {Policy} policy
 */
async function process_private(group, message, policy) {
  check_frame(group, message);
  const { tree, content, secrets } = await open_private(group, message);
  const framed = content.content;
  if (framed.sender.senderType !== "member") throw new Talk2meError("envelope_invalid");
  const leaf = framed.sender.leafIndex;
  // This device never takes in what it sent. If the keys for it are still here, a copy of this device is at work.
  if (leaf === group.state.privatePath.leafIndex) throw new Talk2meError("not_decryptable", { reason: "own_leaf" });
  const sender = sender_at(tree, leaf);
  if (framed.contentType === "application") {
    const next = with_secrets(group.state, message.epoch, secrets);
    const plain = framed.applicationData.slice();
    return /** @type {Application} */ ({ kind: "application", group: to_group(next, group.signature_key), sender, plain });
  }
  if (message.epoch !== group.state.groupContext.epoch) throw new Talk2meError("not_decryptable", { reason: "epoch_gone" });
  try {
    return await process_handshake(group, message, framed, sender, policy);
  } catch (error) {
    if (!is_talk2me_error(error, "group_refused")) throw error;
    const named = framed.contentType === "commit" ? { named: named_in(group, framed.commit, sender) } : {};
    throw new Talk2meError("group_refused", { ...error.details, by: sender.account, ...named });
  }
}

/**
 * @param {Group} group
 * @param {PrivateMessage} message
 * @param {import("ts-mls/framedContent.js").FramedContent & { contentType: "proposal" | "commit" }} framed what is in it
 * @param {Sender} sender
 * @param {Policy} policy
 * @returns {Promise<Commit | Proposal>}
 */
async function process_handshake(group, message, framed, sender, policy) {
  const whole = /** @type {MLSMessage} */ ({
    version: "mls10",
    wireformat: "mls_private_message",
    privateMessage: message,
  });
  if (framed.contentType === "proposal") {
    check_standalone_proposal(framed.proposal, sender.leaf);
    const next = await apply(group, whole, policy, []);
    const { account, device } = sender;
    return { kind: "proposal", group: next, proposer: { account, device }, leaves: sender.leaf };
  }
  const { commit } = framed;
  const proposed = find_proposals(commit.proposals, group.state.unappliedProposals, mls_to_base64);
  const { added, removed } = await check_member_commit(view_of(group), sender.leaf, commit, proposed, policy);
  const next = await apply(group, whole, policy, added);
  return to_commit(group, next, sender, false, added, removed);
}

/**
 * The devices that a commit would let in and take out, whatever is wrong with it.
 * @param {Group} group before it
 * @param {import("ts-mls/commit.js").Commit} commit its signature is right
 * @param {Sender} sender
 * @returns {Named}
 */
function named_in({ state }, { proposals }, { device }) {
  const listed = proposals.flatMap((entry) => (entry.proposalOrRefType === "proposal" ? [entry.proposal] : []));
  const members = read_members(state.ratchetTree) ?? [];
  return {
    by: device,
    added: listed.flatMap((proposal) => ("add" in proposal ? (read_credential(proposal.add.keyPackage.leafNode.credential)?.device ?? []) : [])),
    removed: listed.flatMap((proposal) =>
      "remove" in proposal ? members.filter(({ leaf }) => leaf === proposal.remove.removed).map((member) => member.device) : [],
    ),
  };
}

/**
 * @param {Group} group
 * @param {PublicMessage} message
 * @param {Policy} policy
 * @returns {Promise<Commit>}
 */
async function process_public(group, message, policy) {
  const { content } = message;
  check_frame(group, content);
  if (content.sender.senderType !== "new_member_commit" || content.contentType !== "commit") throw refused("public_message");
  if (content.epoch !== group.state.groupContext.epoch) {
    const reason = content.epoch > group.state.groupContext.epoch ? "epoch_ahead" : "epoch_gone";
    throw new Talk2meError("not_decryptable", { reason });
  }
  const { joiner, removed } = check_external_commit(view_of(group), content.commit);
  const whole = /** @type {MLSMessage} */ ({
    version: "mls10",
    wireformat: "mls_public_message",
    publicMessage: message,
  });
  const next = await apply(group, whole, policy, [joiner]);
  return to_commit(group, next, joiner, true, [joiner], removed);
}

/**
 * @param {Group} group
 * @param {{ groupId: Uint8Array, authenticatedData: Uint8Array }} frame
 */
function check_frame({ mailbox }, { groupId, authenticatedData }) {
  if (!equal(groupId, mailbox)) throw new Talk2meError("envelope_invalid", { reason: "group_id" });
  if (authenticatedData.length > 0) throw new Talk2meError("envelope_invalid", { reason: "authenticated_data" });
}

/**
 * Decrypts and verifies the sender's signature. The library's own way to process tells no sender.
 * @param {Group} group
 * @param {PrivateMessage} message
 */
async function open_private({ state, suite }, message) {
  const { epoch } = message;
  if (epoch > state.groupContext.epoch) throw new Talk2meError("not_decryptable", { reason: "epoch_ahead" });
  const source =
    epoch === state.groupContext.epoch
      ? { ...state, senderDataSecret: state.keySchedule.senderDataSecret }
      : state.historicalReceiverData.get(epoch);
  if (source === undefined) throw new Talk2meError("not_decryptable", { reason: "epoch_gone" });
  const { senderDataSecret, secretTree, ratchetTree, groupContext } = source;
  const impl = await suite_impl(suite);
  try {
    const opened = await mls_unprotect_private_message(
      senderDataSecret,
      message,
      secretTree,
      ratchetTree,
      groupContext,
      RETENTION,
      impl,
    );
    return { tree: ratchetTree, content: opened.content, secrets: opened.tree };
  } catch {
    throw new Talk2meError("not_decryptable");
  }
}

/**
 * @param {ClientState} state
 * @param {bigint} epoch
 * @param {ClientState["secretTree"]} secretTree
 * @returns {ClientState}
 */
function with_secrets(state, epoch, secretTree) {
  if (epoch === state.groupContext.epoch) return { ...state, secretTree };
  const old = state.historicalReceiverData.get(epoch);
  if (old === undefined) return state;
  const historicalReceiverData = new Map(state.historicalReceiverData).set(epoch, { ...old, secretTree });
  return { ...state, historicalReceiverData };
}

/**
 * @param {Group} group
 * @param {MLSMessage} message
 * @param {Policy} policy
 * @param {{ signature_key: Uint8Array }[]} added
 * @returns {Promise<Group>}
 */
async function apply(group, message, policy, added) {
  const impl = await suite_impl(group.suite, group.signature_key);
  const run = (/** @type {import("ts-mls/clientConfig.js").ClientConfig} */ clientConfig) =>
    mls_process_message(
      /** @type {any} */ (message),
      { ...group.state, clientConfig },
      mls_no_psks,
      () => "accept",
      impl,
    );
  const result = await run_with_policy(policy, added, run, () => refused("commit"));
  if (result.kind !== "newState") throw refused("commit");
  const { newState } = result;
  if (newState.groupActiveState.kind === "active") return to_group(newState, group.signature_key);
  // Removed: what was readable before stays so, and nothing after.
  const state = { ...group.state, groupActiveState: newState.groupActiveState, clientConfig: PLAIN_CONFIG };
  return { ...group, state };
}

/**
 * @param {Group} before
 * @param {Group} after
 * @param {Owner} committer
 * @param {boolean} external
 * @param {Owner[]} added
 * @param {Member[]} removed
 * @returns {Commit}
 */
function to_commit(before, after, committer, external, added, removed) {
  const to_owner = (/** @type {Owner} */ { account, device }) => ({ account, device });
  return {
    kind: "commit",
    group: after,
    committer: to_owner(committer),
    external,
    added: added.map(to_owner),
    removed: removed.map(to_owner),
    self_removed: removed.some(({ leaf }) => leaf === before.state.privatePath.leafIndex),
  };
}

/**
 * @param {Tree} tree
 * @param {number} leaf
 * @returns {Sender}
 */
function sender_at(tree, leaf) {
  const node = leaf_at(tree, leaf);
  const owner = node && read_credential(node.credential);
  if (owner === null) throw new Talk2meError("envelope_invalid");
  return { leaf, ...owner };
}
