// @ts-check
// With a commit that takes somebody out their role goes too. Each device that knows the roles has those that are left by itself.
import { equal, to_hex } from "../../codec/bytes.js";
import { due_roles } from "../../protocol/group_state.js";
import { describe } from "../../protocol/mls.js";
import { roles_in } from "./group_rules_of.js";

/** @import { EnvelopeBatch } from "../envelope_batch.js" */

/** @param {EnvelopeBatch} batch with the group of after the commit @param {any} before the group of before it, null when this device was not in it */
export async function take_due_roles({ record, group, items }, before) {
  const { hashes, members } = describe(group);
  const held = record?.roles;
  if (!held || !hashes || equal(held.hash, hashes.roles)) return;
  const roles = await roles_in(record);
  const there = before && new Set(describe(before).members.map(({ account }) => to_hex(account)));
  const staying = members.map(({ account }) => account).filter((account) => !there || there.has(to_hex(account)));
  const due = roles && (await due_roles({ roles, roles_salt: held.salt }, held.hash, staying));
  if (!due || !equal(due.hash, hashes.roles)) return;
  record.roles = due;
  // That they are out is told already.
  items.push({ kind: "state", part: "roles", state: due, author: "", quiet: true });
}
