// @ts-check
// Somebody has let this account into a group: it is a request, unless it was somebody whom the person talks with, or another device of its own.
import { equal } from "../../codec/bytes.js";
import { to_base64url } from "../../codec/base64url.js";
import { PARTS } from "../../protocol/group_parts.js";
import { describe } from "../../protocol/mls.js";
import { add_notice, new_group_conversation } from "../conversation_log.js";
import { members_in } from "./group_rules_of.js";

/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, GroupRecord } from "../records.js" */

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {any} group of protocol/mls.js
 * @param {{ inviter: string, sequence: number }} by `inviter`: account; `sequence`: of the commit
 * @returns {Promise<Conversation | null>} null for what the person has declined: this device goes again
 */
export async function enter_group(changes, device, group, { inviter, sequence }) {
  const { mailbox, suite, hashes } = describe(group);
  const is_known = await is_accepted(changes, device, inviter);
  const begin = { mailbox: to_base64url(mailbox), state: /** @type {const} */ ("request"), suite, time: device.now() };
  /** @type {Conversation} */
  const conversation = (await changes.get("conversations", begin.mailbox)) ?? new_group_conversation(begin);
  if (conversation.state === "declined" && !is_known) {
    changes.after(() => device.background(() => device.request({ type: "subscription.end", mailbox })));
    return null;
  }
  const state = is_known || conversation.state === "active" ? "active" : "request";
  Object.assign(conversation, { state, stopped: null, state_time: device.now(), time: device.now() });
  const record = /** @type {GroupRecord} */ (conversation.group);
  // What the group agreed on before this account was let in again holds only if nobody has changed it since.
  for (const part of PARTS) if (!hashes || (record[part] && !equal(record[part].hash, hashes[part]))) record[part] = null;
  record.members = members_in(group);
  for (const name of /** @type {const} */ (["leaving", "history", "entered"])) delete record[name];
  if (inviter !== device.own.account) record.entered = { by: inviter, sequence, time: device.now() };
  // With its place, so that what was said before stands above it.
  add_notice(changes, device, conversation, "added", inviter, { about: [device.own.account], place: { mailbox: begin.mailbox, sequence } });
  return conversation;
}

/** @param {Changes} changes @param {Device} device @param {string} account */
async function is_accepted(changes, device, account) {
  if (account === device.own.account) return true;
  /** @type {Conversation | undefined} */
  const direct = await changes.get("conversations", account);
  return direct?.state === "active";
}
