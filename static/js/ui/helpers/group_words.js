// @ts-check
import { compare_names } from "../language/spoken.js";
import { text } from "../texts.js";
import { counted } from "./plural.js";

/** @import { Conversation } from "../session_types.js" */
/** @import { Member } from "../group_types.js" */

const RANK = { owner: 0, admin: 1, member: 2 };
/** docs/protocol.md 5: the suite whose keys withstand quantum computers too. */
const POST_QUANTUM = 83;

/**
 * @param {Pick<Conversation, "kind" | "title" | "peer" | "notes">} conversation
 * @returns {string} what a conversation is called
 */
export function name_of({ kind, title, peer, notes }) {
  if (notes) return text("notes_title");
  return (kind === "group" ? title : undefined) || peer.username || text("group_untitled");
}

/**
 * @param {Member[]} members
 * @returns {Member[]} whoever has to be looked at first, then who is in charge, each kind by name
 */
export function sort_members(members) {
  const rank = (/** @type {Member} */ { role, identity_changed }) => (identity_changed ? -1 : RANK[role]);
  return members.toSorted((one, other) => rank(one) - rank(other) || compare_names(one.username, other.username));
}

/**
 * @param {Member[]} members
 * @returns {string} how many there are, and whether all others are verified
 */
export function members_words(members) {
  const words = counted("group_members", members.length);
  return all_verified(members) ? text("group_all_verified", { members: words }) : words;
}

/**
 * @param {Member[]} members
 * @returns {boolean} whether each of the others is verified, and there are others
 */
export function all_verified(members) {
  const others = members.filter(({ own }) => !own);
  return others.length > 0 && others.every(({ verified }) => verified);
}

/**
 * Whether oneself is the only owner while there are others: nobody would be in charge afterwards.
 * @param {Member[]} members
 * @returns {boolean}
 */
export function is_last_owner(members) {
  const owners = members.filter(({ role }) => role === "owner");
  return members.length > 1 && owners.length === 1 && owners[0].own;
}

/**
 * @param {Pick<Conversation, "kind" | "stopped">} conversation
 * @returns {boolean} whether oneself is in the group no more, or the other has gone for good: nothing is wrong then
 */
export function is_out({ kind, stopped }) {
  if (stopped === "account_deleted") return true;
  return kind === "group" && (stopped === "left" || stopped === "removed");
}

/**
 * @param {number | undefined} suite of a conversation
 * @returns {string} what its encryption withstands
 */
export function protection_words(suite) {
  return text(suite === POST_QUANTUM ? "protection_quantum" : "protection_today");
}
