// @ts-check
/** @import { Conversation } from "../session_types.js" */

/**
 * @param {Conversation[]} conversations
 * @param {string} query what stands in the search field
 * @returns {Conversation[]} those to show, in their order: not the declined ones, and by name
 */
export function shown_conversations(conversations, query) {
  const wanted = folded(query.trim().replace(/^@/, ""));
  return conversations.filter(
    (conversation) => conversation.state !== "declined" && folded(conversation.peer.username).includes(wanted),
  );
}

/**
 * @param {Conversation[]} conversations
 * @returns {number} new messages in all that are shown
 */
export function total_unread(conversations) {
  return conversations.reduce((sum, { state, unread }) => (state === "declined" ? sum : sum + unread), 0);
}

/**
 * @param {Conversation[]} before
 * @param {Conversation[]} after
 * @returns {Conversation[]} those in which somebody else has written since
 */
export function newly_written(before, after) {
  const unread_before = new Map(before.map(({ id, last }) => [id, last?.own ? undefined : last]));
  return after.filter(({ id, last, state }) => {
    if (state === "declined" || last === null || last.own) return false;
    const old = unread_before.get(id);
    return old?.time !== last.time || old?.text !== last.text;
  });
}

/**
 * @param {string} text
 * @returns {string} without case and accents
 */
function folded(text) {
  return text.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
