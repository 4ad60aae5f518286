// @ts-check
// What a commit in a group is told as: who came, who went, and by whom.
import { to_base64url } from "../../codec/base64url.js";
import { describe } from "../../protocol/mls.js";
import { members_in } from "./group_rules_of.js";
import { take_due_roles } from "./take_due_roles.js";
import { take_kept } from "./take_state.js";

/** @import { LeafPolicy } from "../check_leaves.js" */
/** @import { EnvelopeBatch } from "../envelope_batch.js" */
/** @typedef {(leaf: { account: Uint8Array, device: Uint8Array, signature_key: Uint8Array }) => Promise<boolean>} IsInactive */

/**
 * @param {EnvelopeBatch} batch
 * @param {any} before the group of before it
 * @param {{ committer: { account: Uint8Array }, self_removed: boolean, removed: { account: Uint8Array }[] }} commit of another device
 * @param {LeafPolicy} policy
 */
export async function note_group_commit(batch, before, { committer, self_removed, removed }, policy) {
  const author = to_base64url(committer.account);
  if (self_removed) {
    batch.items.push({ kind: "removed", author });
    return;
  }
  await note_members(batch, before, author, policy.is_inactive);
  note_devices(batch, removed);
  await take_due_roles(batch, before);
}

/**
 * @param {EnvelopeBatch} batch
 * @param {any} before null when this device was not in it
 * @param {{ create: boolean }} commit
 */
export async function note_own_group_commit(batch, before, { create }) {
  const own = batch.device.own.account;
  if (create) batch.note("group_created", { author: own });
  // Who joins by itself may have missed who came and went: then it is not known by whom.
  else if (before) await note_members(batch, before, batch.cursor.behind ? "" : own, async () => false);
  await take_due_roles(batch, batch.cursor.behind ? null : before);
  if (!before || batch.cursor.behind) take_kept(batch);
}

/** @param {EnvelopeBatch} batch @param {any} before @param {string} author @param {IsInactive} is_inactive */
async function note_members(batch, before, author, is_inactive) {
  const accounts = new Set(members_in(before).map(({ account }) => account));
  const present = new Set(members_in(batch.group).map(({ account }) => account));
  const added = [...present].filter((account) => !accounts.has(account));
  const gone = [...accounts].filter((account) => !present.has(account));
  if (added.length > 0) batch.note("added", { author, about: added });
  for (const account of gone) {
    if (await has_left(before, account, is_inactive)) batch.note("left", { author: account });
    else batch.note("removed", { author, about: [account] });
  }
}

/**
 * All its devices asked to be let out, or are none of the account's any more: nobody has put it out.
 * @param {any} before @param {string} account @param {IsInactive} is_inactive
 */
async function has_left(before, account, is_inactive) {
  const { members, leaving } = describe(before);
  for (const member of members) {
    if (to_base64url(member.account) !== account || leaving.includes(member.leaf)) continue;
    if (!(await is_inactive(member))) return false;
  }
  return true;
}

/** Of those who stay. @param {EnvelopeBatch} batch @param {{ account: Uint8Array }[]} removed */
function note_devices(batch, removed) {
  const present = new Set(members_in(batch.group).map(({ account }) => account));
  for (const account of new Set(removed.map((leaf) => to_base64url(leaf.account)))) {
    const code = account === batch.device.own.account ? "own_device_removed" : "device_removed";
    if (present.has(account)) batch.note(code, { author: account });
  }
}
