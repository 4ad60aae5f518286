// @ts-check
import { is_muted } from "../helpers/conversation_lists.js";
import { name_of } from "../helpers/group_words.js";
import { counted } from "../helpers/plural.js";
import { text } from "../texts.js";

/** @import { Conversation } from "../session_types.js" */
/** @typedef {{ conversation: string, title: string, body: string }} Notice `conversation`: "" for one that leads to the list */

/** As many at once as somebody looks at. */
const MOST = 5;

/**
 * Where somebody has written who may be heard. Requests wait until one looks by oneself.
 * @param {Conversation[]} before
 * @param {Conversation[]} after
 * @param {number} now
 * @returns {Conversation[]}
 */
export function find_news(before, after, now) {
  const unread = new Map(before.map((conversation) => [conversation.id, conversation.unread]));
  return after.filter(
    (conversation) =>
      conversation.state === "active" &&
      !conversation.blocked &&
      !is_muted(conversation, now) &&
      !conversation.last?.blocked &&
      conversation.unread > (unread.get(conversation.id) ?? 0),
  );
}

/**
 * @param {Conversation[]} news
 * @param {{ locks: boolean, texts: boolean }} how with a lock, nobody is named
 * @returns {Notice[]}
 */
export function notices_of(news, { locks, texts }) {
  if (news.length === 0) return [];
  if (locks || news.length > MOST) return [plain_notice()];
  return news.map((conversation) => ({
    conversation: conversation.id,
    title: name_of(conversation),
    body: texts && conversation.unread === 1 ? (conversation.last?.text ?? "") : counted("news_messages", conversation.unread),
  }));
}

/** @returns {Notice} that there is something */
export function plain_notice() {
  return { conversation: "", title: text("app"), body: text("news_something") };
}
