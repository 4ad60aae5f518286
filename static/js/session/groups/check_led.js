// @ts-check
// A member can say that the others have gone on, and leave on the server what the group would be then. Whoever has refused a change does
// not come into it by that way: who vouches for the group there must have been allowed to make it.
import { equal } from "../../codec/bytes.js";
import { Talk2meError } from "../../errors.js";
import { judge_change } from "../../protocol/group_rules.js";
import { due_roles } from "../../protocol/group_state.js";
import { describe } from "../../protocol/mls.js";
import { LeafPolicy } from "../check_leaves.js";
import { rules_in } from "./group_rules_of.js";

/** @import { Device } from "../device.js" */
/** @import { GroupRecord } from "../records.js" */
/** @typedef {ReturnType<typeof describe>} Description */
/** @typedef {Description["members"][number]} Member */

/**
 * @param {Device} device
 * @param {{ held: any, joined: Description, signer: Member, record: GroupRecord | undefined }} groups `held` as it is here, `joined` as it is
 *   said to be, with this device's new leaf
 * @throws {Talk2meError} `group_refused`; what kept this device from judging
 */
export async function check_led(device, { held, joined, signer, record }) {
  const rules = await rules_in(record);
  const before = describe(held);
  if (!rules || !before.hashes || !joined.hashes) return;
  const policy = new LeafPolicy(device);
  const gone = before.members.filter((member) => !has(joined, member));
  const removed = [];
  for (const member of gone) removed.push({ account: member.account, asked: false, inactive: await policy.is_inactive(member) });
  if (policy.failure) throw policy.failure;
  const staying = before.members.filter((member) => has(joined, member)).map(({ account }) => account);
  const due = await due_roles(rules, before.hashes.roles, staying);
  const refusal = judge_change({
    rules,
    present: before.members.map(({ account }) => account),
    committer: signer.account,
    roles_changed: !equal(due?.hash ?? before.hashes.roles, joined.hashes.roles),
    rights_changed: !equal(before.hashes.rights, joined.hashes.rights),
    settings_changed: !equal(before.hashes.settings, joined.hashes.settings),
    added: joined.members.filter((member) => !has(before, member)).map(({ account }) => account),
    removed,
  });
  if (refusal) throw new Talk2meError("group_refused", { reason: refusal });
}

/** @param {Description} group @param {Member} member */
function has({ members }, { device }) {
  return members.some((other) => equal(other.device, device));
}
