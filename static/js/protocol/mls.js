// @ts-check
// Groups (MLS, RFC 9420) in our own terms: the only door to the library that does them. Every function is pure: state
// and bytes in, state and bytes out, and a failed one leaves the group as it was.
import { hashes_of } from "./group_state.js";
import { view_of, pending_leaves } from "./mls_change.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Hashes, Kind, Member } from "./mls_leaf.js" */
/** @import { Group } from "./mls_state.js" */
/** @import { Suite } from "./mls_suite.js" */

export { SUITE_CLASSIC, SUITE_XWING } from "./mls_suite.js";
export { create_key_package, read_key_package, LONGEST_LIFETIME_DAYS } from "./mls_key_package.js";
export { forget_epochs, group_from_parts, group_parts, keep_epochs } from "./mls_state.js";
export {
  add_members,
  change_context,
  create_group,
  join_externally,
  join_from_welcome,
  propose_leave,
  remove_members,
  update_keys,
} from "./mls_change.js";
export { encrypt, export_secret, process } from "./mls_process.js";

/**
 * @typedef {object} Description
 * @property {Bytes} mailbox the group's id
 * @property {Suite} suite
 * @property {number} epoch
 * @property {Kind} kind
 * @property {Hashes | null} hashes of a group's state (group_state.js), null in a direct conversation
 * @property {number} own_leaf
 * @property {Member[]} members by leaf
 * @property {Bytes} confirmed_transcript_hash
 * @property {number[]} leaving leaves that asked to be removed: before anything else is sent, commit
 * @property {boolean} removed whether this device is out of the group
 */

/**
 * @param {Group} group
 * @returns {Description}
 */
export function describe(group) {
  const { groupContext, privatePath, groupActiveState } = group.state;
  return {
    mailbox: group.mailbox,
    suite: group.suite,
    epoch: Number(groupContext.epoch),
    kind: group.kind,
    hashes: hashes_of(group),
    own_leaf: privatePath.leafIndex,
    members: view_of(group).members,
    confirmed_transcript_hash: groupContext.confirmedTranscriptHash.slice(),
    leaving: pending_leaves(group),
    removed: groupActiveState.kind !== "active",
  };
}
