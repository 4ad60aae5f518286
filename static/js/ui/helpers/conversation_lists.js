// @ts-check
import { join_words, text } from "../texts.js";
import { fold } from "./fold.js";
import { is_out, name_of } from "./group_words.js";

/** @import { Conversation, LastMessage } from "../session_types.js" */

/**
 * @param {Conversation[]} conversations
 * @param {string} query what stands in the search field
 * @returns {Conversation[]} those to show, in their order: not the declined ones, those with somebody blocked only when looked for, and by name
 */
export function shown_conversations(conversations, query) {
  const wanted = fold(query.trim().replace(/^@/, ""));
  return conversations.filter(
    (conversation) => conversation.state !== "declined" && (!conversation.blocked || wanted !== "") && fold(name_of(conversation)).includes(wanted),
  );
}

/**
 * @param {Conversation[]} conversations
 * @param {number} now
 * @returns {number} new messages in all that are shown and may say so
 */
export function total_unread(conversations, now) {
  const heard = conversations.filter((conversation) => conversation.state !== "declined" && !is_muted(conversation, now));
  return heard.reduce((sum, { unread }) => sum + unread, 0);
}

/**
 * @param {Conversation[]} before
 * @param {Conversation[]} after
 * @param {{ open?: string, now: number }} how `open`: the one that is shown
 * @returns {Conversation[]} those in which somebody else has written since, and that may say so
 */
export function newly_written(before, after, { open, now }) {
  const unread_before = new Map(before.map(({ id, last }) => [id, last?.own ? undefined : last]));
  return after.filter((conversation) => {
    const { id, last, state } = conversation;
    if (state === "declined" || last === null || last.own || last.blocked || (is_muted(conversation, now) && id !== open)) return false;
    const old = unread_before.get(id);
    return old?.time !== last.time || old?.text !== last.text;
  });
}

/**
 * What a screen reader is told of a new message: what it says only where it can be seen as well.
 * @param {Conversation} conversation
 * @param {boolean} open it is the one that is shown
 * @returns {string}
 */
export function announcement(conversation, open) {
  const { kind, last } = conversation;
  const name = name_of(conversation);
  const group = kind === "group";
  if (!open || last === null) return group ? text("new_message_in", { group: name }) : text("new_message_from", { name });
  const words = last_words(last);
  if (!group) return text("spoken_message", { name, text: words });
  return text("spoken_group_message", { name: last.author || text("unknown_person"), group: name, text: words });
}

/**
 * The line under a conversation's name in the list.
 * @param {Conversation} conversation
 * @returns {string}
 */
export function preview({ kind, state, stopped, last, draft = "", notes }) {
  if (stopped === "account_deleted") return text("last_account_deleted");
  if (state === "stopped") return text(is_out({ kind, stopped }) ? "group_you_out" : "last_stopped");
  if (state === "request") return text(kind === "group" ? "group_request" : "last_request");
  if (draft.trim() !== "") return text("last_draft", { text: draft.trim() });
  if (last === null) return text(notes ? "notes_none" : "last_none");
  const words = last_words(last);
  if (kind === "direct" || notes) return words;
  if (last.own) return text("last_by_you", { text: words });
  return last.author ? text("last_by", { name: last.author, text: words }) : words;
}

/**
 * @param {LastMessage} last
 * @returns {string} what a message comes to in one line
 */
function last_words({ text: words, type, files = [], deleted, blocked }) {
  if (blocked) return text("last_blocked");
  if (deleted) return text("last_deleted");
  if (type === "join_request") return text("last_join");
  return words === "" ? join_words(files) : words;
}

/**
 * @param {Conversation} conversation
 * @param {number} now
 * @returns {boolean} whether it says nothing by itself now
 */
export function is_muted({ muted = 0 }, now) {
  return muted > now;
}
