// @ts-check
// A member says that it has given past messages to somebody new. Everybody is told; whom they are for takes them from nobody but who has let
// this account in, once, and only soon after. A device that came by itself knows of nobody who let it in: it takes none, the archive brings them.
import { to_base64url } from "../../codec/base64url.js";
import { add_notice } from "../conversation_log.js";
import { message_prefix } from "../records.js";
import { GIVING_WAIT } from "./give_history.js";

/** @import { HistoryBody } from "../../protocol/content_schema.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message } from "../records.js" */
/** @import { Taker } from "../take_content.js" */

/** @type {Taker} */
export async function take_given(changes, device, conversation, { author }, /** @type {{ body: HistoryBody }} */ { body: { file, for: accounts, count } }) {
  const { group } = conversation;
  if (!group) return;
  const about = [...new Set(accounts.map(to_base64url))];
  if (about.includes(device.own.account)) {
    const { entered } = group;
    if (entered && entered.by !== author) {
      await note_once(changes, device, conversation, { code: "refused_history", author });
      return;
    }
    if (entered && Math.abs(device.now() - entered.time) <= GIVING_WAIT) {
      delete group.entered;
      group.history = { ...file, by: author, before: entered.sequence, count, since: device.now() };
      changes.after(() => device.tasks.flush(conversation.id));
    }
  }
  await note_once(changes, device, conversation, { code: "history_given", author, about, count });
}

/**
 * Many in a row say no more than one.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {{ code: string, author: string, about?: string[], count?: number }} notice
 */
async function note_once(changes, device, conversation, { code, author, ...more }) {
  /** @type {Message | undefined} */
  const newest = await changes.first("messages", { prefix: message_prefix(conversation.id), newest_first: true });
  const is_same = newest?.code === code && newest.author === author && newest.count === more.count && String(newest.about) === String(more.about);
  if (!is_same) add_notice(changes, device, conversation, code, author, more);
}
