// @ts-check
// What a group has agreed on, as far as this device has read it: by that it judges what others change.
import { equal } from "../../codec/bytes.js";
import { to_base64url } from "../../codec/base64url.js";
import { PARTS } from "../../protocol/group_parts.js";
import { read_part } from "../../protocol/group_state.js";
import { describe } from "../../protocol/mls.js";

/** @import { Rules } from "../../protocol/group_rules.js" */
/** @import { PartName, Rights, Roles, Settings } from "../../protocol/group_state.js" */
/** @import { GroupRecord, MemberEntry } from "../records.js" */

/** @param {GroupRecord | undefined} record @returns {Promise<Roles | null>} */
export async function roles_in(record) {
  const part = record?.roles;
  return part ? read_part("roles", part, part.hash) : null;
}

/** @param {GroupRecord | undefined} record @returns {Promise<Settings | null>} */
export async function settings_in(record) {
  const part = record?.settings;
  return part ? read_part("settings", part, part.hash) : null;
}

/** @param {GroupRecord | undefined} record @returns {Promise<Rights | null>} */
export async function members_rights_in(record) {
  const part = record?.rights;
  return part ? read_part("rights", part, part.hash) : null;
}

/**
 * @param {GroupRecord | undefined} record
 * @returns {Promise<Rules | null>} null while the roles are missing: then nothing is judged. Nothing is judged by the settings, so that
 *   whoever keeps them back keeps nobody from judging.
 */
export async function rules_in(record) {
  const [roles, rights] = [await roles_in(record), await members_rights_in(record)];
  return record?.roles && roles ? { roles, roles_salt: record.roles.salt, rights } : null;
}

/**
 * @param {any} group of protocol/mls.js
 * @param {GroupRecord} record
 * @returns {PartName[]} what the group has agreed on and this device has not read
 */
export function unread_parts(group, record) {
  const { hashes } = describe(group);
  return hashes ? PARTS.filter((name) => !equal(record[name]?.hash ?? new Uint8Array(0), hashes[name])) : [];
}

/** @param {any} group of protocol/mls.js @returns {MemberEntry[]} each account once, in the order of the leaves */
export function members_in(group) {
  /** @type {Map<string, number>} */
  const devices = new Map();
  for (const { account } of describe(group).members) {
    const id = to_base64url(account);
    devices.set(id, (devices.get(id) ?? 0) + 1);
  }
  return [...devices].map(([account, count]) => ({ account, devices: count }));
}
