// @ts-check
// What a group agrees on, changed by whoever may: its title, picture and rules, and who may do what in it.
import { equal, to_hex } from "../../codec/bytes.js";
import { from_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { role_of } from "../../protocol/group_rules.js";
import { make_part } from "../../protocol/group_state.js";
import { change_context } from "../../protocol/mls.js";
import { commit_group_change } from "./commit_group_change.js";
import { settings_in } from "./group_rules_of.js";
import { named_role } from "./state_notices.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Role } from "../../protocol/group_rules.js" */
/** @import { Parts, PartName, Rights, Roles, Settings } from "../../protocol/group_state.js" */
/** @import { Device } from "../device.js" */
/** @import { Present } from "./commit_group_change.js" */

const NAMES = /** @type {const} */ ({ rights: ["who_adds", "who_edits", "who_writes"], settings: ["title", "picture", "timer"] });

/**
 * @param {Device} device
 * @param {{ conversation: string } & Partial<Omit<Rights & Settings, "v">>} wish
 * @throws {Talk2meError} as `commit_group_change`; `encoding_invalid`
 */
export async function change_group(device, { conversation, ...wish }) {
  const title = wish.title?.trim();
  const wanted = { ...wish, ...(title === undefined ? {} : { title }) };
  await commit_group_change(device, conversation, async (present) => {
    const settings = await settings_in(present.record);
    if (!settings && NAMES.settings.some((name) => wanted[name] !== undefined)) throw new Talk2meError("group_unread");
    const changed = { ...changes_of("rights", present.rules.rights, wanted), ...changes_of("settings", settings ?? {}, wanted) };
    return Object.keys(changed).length > 0 ? change_parts(device, present, changed) : null;
  });
}

/**
 * @param {"rights" | "settings"} part
 * @param {Record<string, any>} before
 * @param {Record<string, any>} wanted
 * @returns {Partial<Parts>} none where nothing of it is to be other than it is
 */
function changes_of(part, before, wanted) {
  const names = NAMES[part].filter((name) => wanted[name] !== undefined && !is_same(before[name], wanted[name]));
  return names.length > 0 ? { [part]: { ...before, ...Object.fromEntries(names.map((name) => [name, wanted[name]])) } } : {};
}

/**
 * @param {Device} device
 * @param {{ conversation: string, account: string, role: Role }} wish
 * @throws {Talk2meError} as `commit_group_change`; `last_owner` for whoever would leave the group without one
 */
export async function set_role(device, { conversation, account, role }) {
  const id = from_base64url(account);
  await commit_group_change(device, conversation, async (present) => {
    const { roles } = present.rules;
    const present_accounts = present.described.members.map((member) => member.account);
    // Who is not in it has no role, and gets none for later.
    if (!present_accounts.some((one) => equal(one, id))) throw new Talk2meError("not_found");
    if (named_role(roles, id) === role) return null;
    const after = with_role(roles, id, role, present_accounts);
    if (after.owners.length === 0) throw new Talk2meError("last_owner");
    return change_parts(device, present, { roles: after });
  });
}

/**
 * Where nobody who owns it is left, those who count as owners by now stand as such from here on.
 * @param {Roles} roles @param {Bytes} account @param {Role} role @param {Bytes[]} present
 * @returns {Roles}
 */
function with_role(roles, account, role, present) {
  const here = [...new Map(present.map((one) => [to_hex(one), one])).values()];
  const owners = here.filter((one) => role_of(roles, one, present) === "owner");
  const admins = roles.admins.filter((one) => !owners.some((owner) => equal(owner, one)));
  const others = (/** @type {Bytes[]} */ accounts) =>
    accounts.filter((other) => !equal(other, account) && here.some((one) => equal(one, other)));
  return {
    v: 1,
    owners: [...others(owners), ...(role === "owner" ? [account] : [])],
    admins: [...others(admins), ...(role === "admin" ? [account] : [])],
  };
}

/** @param {Device} device @param {Present} present @param {Partial<Parts>} changed */
async function change_parts(device, { group, policy }, changed) {
  /** @type {Partial<Record<PartName, Bytes>>} */
  const hashes = {};
  const states = [];
  for (const [name, value] of Object.entries(changed)) {
    const part = /** @type {PartName} */ (name);
    const { hash, ...content } = await make_part(part, value, device.random);
    hashes[part] = hash;
    states.push({ part, ...content });
  }
  return { ...(await change_context(group, hashes, policy)), states };
}

/** @param {unknown} one @param {unknown} other */
function is_same(one, other) {
  return one instanceof Uint8Array && other instanceof Uint8Array ? equal(one, other) : one === other;
}
