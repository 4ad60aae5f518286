// @ts-check
// What somebody may do in a group, as far as this device knows.
import { from_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { rights_of, role_of } from "../../protocol/group_rules.js";
import { roles_in, rules_in } from "./group_rules_of.js";

/** @import { Role } from "../../protocol/group_rules.js" */
/** @import { Conversation, GroupRecord } from "../records.js" */

/** @param {GroupRecord} record @param {string} account @returns {Promise<ReturnType<typeof rights_of> | null>} null while nothing is known */
export async function rights_in(record, account) {
  const rules = await rules_in(record);
  return rules?.rights ? rights_of(rules, from_base64url(account), present_in(record)) : null;
}

/** @param {Conversation} conversation @param {string} account @throws {Talk2meError} `not_allowed` where only admins write */
export async function check_may_write({ group }, account) {
  if (group && (await rights_in(group, account))?.write === false) throw new Talk2meError("not_allowed");
}

/** @param {GroupRecord} record @returns {Promise<(account: string) => Role>} everybody a member while nothing is known */
export async function roles_by_account(record) {
  const roles = await roles_in(record);
  const present = present_in(record);
  return (account) => (roles ? role_of(roles, from_base64url(account), present) : "member");
}

/** @param {GroupRecord} record */
function present_in({ members }) {
  return members.map(({ account }) => from_base64url(account));
}
