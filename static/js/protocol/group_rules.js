// @ts-check
// Who may change what in a group (docs/protocol.md 14). Pure: whoever has the same roles and settings judges a commit
// alike, from what it says itself.
import { equal, to_hex } from "../codec/bytes.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Rights, Roles } from "./group_state.js" */
/** @typedef {"owner" | "admin" | "member"} Role */
/** @typedef {{ roles: Roles, roles_salt: Bytes, rights: Rights | null }} Rules those in force on this device: the last that
 *   it has read; without rights what depends on them is not judged */
/** @typedef {"refused_roles" | "refused_rights" | "refused_settings" | "refused_add" | "refused_remove"} Refusal */
/**
 * @typedef {object} Change what a commit would do
 * @property {Pick<Rules, "roles" | "rights">} rules
 * @property {Bytes[]} present accounts that have a leaf before it
 * @property {Bytes} committer account
 * @property {boolean} roles_changed whether the group context gets another hash than is due: that of before, or that of the same roles
 *   without those who go (group_state.js)
 * @property {boolean} rights_changed whether it gets another hash
 * @property {boolean} settings_changed
 * @property {Bytes[]} added the account of each new leaf
 * @property {{ account: Bytes, asked: boolean, inactive: boolean }[]} removed for each leaf: whether it asked for it, and
 *   whether its account's chain says that the device is no longer one
 */

/**
 * Who is left does not depend on who is gone: without any owner who has a leaf the admins are owners, and without any admin
 * everybody is. Else a group whose owner lost everything could never change again.
 * @param {Roles} roles
 * @param {Bytes} account
 * @param {Bytes[]} present accounts that have a leaf
 * @returns {Role}
 */
export function role_of(roles, account, present) {
  return roles_among(roles, present)(account);
}

/**
 * @param {Pick<Rules, "roles" | "rights">} rules
 * @param {Bytes} account
 * @param {Bytes[]} present accounts that have a leaf
 * @returns {{ roles: boolean, rights: boolean, edit: boolean, add: boolean, write: boolean }} what it may do: change roles, change
 *   what members may do, change settings, add people, write
 */
export function rights_of({ roles, rights }, account, present) {
  const role = role_of(roles, account, present);
  const is_let = (/** @type {keyof Omit<Rights, "v">} */ name) => role !== "member" || rights === null || rights[name] === "members";
  return {
    roles: role === "owner",
    rights: role !== "member",
    edit: is_let("who_edits"),
    add: is_let("who_adds"),
    write: is_let("who_writes"),
  };
}

/**
 * @param {Change} change
 * @returns {Refusal | null} null when it may be
 */
export function judge_change({ rules, present, committer, roles_changed, rights_changed, settings_changed, added, removed }) {
  const role = roles_among(rules.roles, present);
  const rights = rights_of(rules, committer, present);
  const here = new Set(present.map(to_hex));
  if (roles_changed && !rights.roles) return "refused_roles";
  if (rights_changed && !rights.rights) return "refused_rights";
  if (settings_changed && !rights.edit) return "refused_settings";
  if (!rights.add && added.some((account) => !here.has(to_hex(account)))) return "refused_add";
  const may_remove = (/** @type {Bytes} */ account) =>
    equal(account, committer) || role(committer) === "owner" || (role(committer) === "admin" && role(account) === "member");
  if (removed.some(({ account, asked, inactive }) => !asked && !inactive && !may_remove(account))) return "refused_remove";
  return null;
}

/**
 * @param {Roles} roles
 * @param {Bytes[]} present
 * @returns {(account: Bytes) => Role}
 */
function roles_among({ owners, admins }, present) {
  const here = new Set(present.map(to_hex));
  const among = (/** @type {Bytes[]} */ accounts) => new Set(accounts.map(to_hex).filter((account) => here.has(account)));
  const administering = among(admins);
  const owning = [among(owners), administering].find(({ size }) => size > 0) ?? here;
  return (account) => {
    const name = to_hex(account);
    if (owning.has(name)) return "owner";
    return administering.has(name) ? "admin" : "member";
  };
}
