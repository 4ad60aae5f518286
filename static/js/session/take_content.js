// @ts-check
// What an application message's content does to a conversation, inside the batch's transaction.
import { note_return, take_farewell } from "./account/take_farewell.js";
import { GROUP_TAKERS } from "./groups/group_takers.js";
import { refuse_write } from "./groups/refuse_write.js";
import { MESSAGE_TAKERS } from "./messages/message_takers.js";
import { is_dropped } from "./people/blocked.js";
import { take_introduction } from "./take_introduction.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Content, UnknownContent } from "../protocol/content_schema.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation, Place } from "./records.js" */
/**
 * @typedef {object} From
 * @property {string} author account
 * @property {string} device of the author's
 * @property {boolean} own sent by another device of this account
 * @property {Place} place
 *
 * @typedef {(changes: Changes, device: Device, conversation: Conversation, from: From, content: any) => Promise<void>} Taker
 *   `conversation` is altered in place; `content` is of the taker's type
 */

/** @type {Partial<Record<(Content | UnknownContent)["type"], Taker>>} */
const TAKERS = { ...MESSAGE_TAKERS, ...GROUP_TAKERS, introduction: take_introduction, farewell: take_farewell };

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 * @param {{ author: string, device: string, content: Content | UnknownContent, mailbox: string, sequence: number }} item
 */
export async function take_content(changes, device, conversation, { author, device: by, content, mailbox, sequence }) {
  const from = { author, device: by, own: author === device.own.account, place: { mailbox, sequence } };
  if (await is_dropped(changes, conversation, from)) return;
  if (await refuse_write(changes, device, conversation, author, content.type)) return;
  if (content.type === "text") await note_return(changes, device, conversation, from);
  await TAKERS[content.type]?.(changes, device, conversation, from, content);
}
