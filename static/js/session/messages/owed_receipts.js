// @ts-check
// What this device has yet to say it has got, and read.
import { from_base64url } from "../../codec/base64url.js";
import { MOST_RECEIPTS } from "../../protocol/content_schema.js";

/** @import { Conversation } from "../records.js" */

/** As many as a few receipts can name are owed at most; older ones were never asked for. */
export const MOST_DUE = 1024;
// Every receipt goes to every member: in larger groups they would outnumber the messages by far.
const MOST_MEMBERS = 32;

/** @param {Conversation} conversation */
export const may_owe = ({ group }) => !group || group.members.length <= MOST_MEMBERS;

/** @param {Pick<Conversation, "receipts_due" | "reads_due">} conversation */
export const owes_receipts = ({ receipts_due, reads_due = [] }) => receipts_due.length + reads_due.length > 0;

/**
 * Takes as many as one receipt can name. What was read was delivered too.
 * @param {Conversation} conversation altered in place
 */
export function take_due(conversation) {
  const read = (conversation.reads_due ?? []).splice(0, MOST_RECEIPTS);
  if (conversation.reads_due?.length === 0) delete conversation.reads_due;
  const is_read = new Set(read);
  const due = conversation.receipts_due.splice(0, MOST_RECEIPTS);
  const delivered = due.filter((id) => !is_read.has(id)).map(from_base64url);
  return { delivered, ...(read.length > 0 ? { read: read.map(from_base64url) } : {}) };
}
