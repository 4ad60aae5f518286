// @ts-check
// What of a group has changed, in lines of its conversation.
import { equal, to_hex } from "../../codec/bytes.js";
import { to_base64url } from "../../codec/base64url.js";
import { read_part } from "../../protocol/group_state.js";
import { add_notice } from "../conversation_log.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Role } from "../../protocol/group_rules.js" */
/** @import { PartName, Rights, Roles, Settings, StatePart } from "../../protocol/group_state.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, GroupRecord, Message } from "../records.js" */
/** @typedef {{ code: string, more: Pick<Message, "about" | "role" | "seconds" | "text"> }} Line */

const CHOICES = /** @type {const} */ (["who_adds", "who_edits", "who_writes"]);

/**
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place; with the new part in force
 * @param {{ part: PartName, before: StatePart | null, author: string }} item `before` null: it is known for the first time, which is no news
 */
export async function add_state_notices(changes, device, conversation, { part, before, author }) {
  const now = /** @type {GroupRecord} */ (conversation.group)[part];
  const read = now && (await read_part(part, now, now.hash));
  if (!read) return;
  const old = before && (await read_part(part, before, before.hash));
  if (!old) return;
  const lines = LINES[part](/** @type {any} */ (old), /** @type {any} */ (read));
  for (const { code, more } of lines) add_notice(changes, device, conversation, code, author, more);
}

/** @param {Settings} old @param {Settings} now @returns {Line[]} */
function setting_lines(old, now) {
  /** @type {Line[]} */
  const lines = [];
  if (old.title !== now.title) lines.push({ code: "title_changed", more: { text: now.title } });
  if (!same_picture(old.picture, now.picture)) lines.push({ code: "picture_changed", more: {} });
  if (old.timer !== now.timer) lines.push({ code: "timer_changed", more: { seconds: now.timer } });
  return lines;
}

/** @param {Rights} old @param {Rights} now @returns {Line[]} */
function right_lines(old, now) {
  return CHOICES.some((name) => old[name] !== now[name]) ? [{ code: "settings_changed", more: {} }] : [];
}

/** @param {Bytes | null} one @param {Bytes | null} other */
function same_picture(one, other) {
  return one === null || other === null ? one === other : equal(one, other);
}

/** @param {Roles} old @param {Roles} now @returns {Line[]} one for each new role */
function role_lines(old, now) {
  const named = [...old.owners, ...old.admins, ...now.owners, ...now.admins];
  const accounts = new Map(named.map((account) => [to_hex(account), account]));
  /** @type {Map<Role, string[]>} */
  const changed = new Map();
  for (const account of accounts.values()) {
    const role = named_role(now, account);
    if (role !== named_role(old, account)) changed.set(role, [...(changed.get(role) ?? []), to_base64url(account)]);
  }
  return [...changed].map(([role, about]) => ({ code: "role_changed", more: { role, about } }));
}

const LINES = { roles: role_lines, rights: right_lines, settings: setting_lines };

/** @param {Roles} roles @param {Bytes} account @returns {Role} */
export function named_role({ owners, admins }, account) {
  if (owners.some((owner) => equal(owner, account))) return "owner";
  return admins.some((admin) => equal(admin, account)) ? "admin" : "member";
}
