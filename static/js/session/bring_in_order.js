// @ts-check
// Before anything is sent, the group has to be as the chains say, and this device's keys in it fresh.
import { to_base64url } from "../codec/base64url.js";
import { describe, remove_members, update_keys } from "../protocol/mls.js";
import { fits } from "./check_leaves.js";
import { commit_change } from "./commit_change.js";
import { get_contact } from "./refresh_contact.js";

/** @import { ChainState } from "../protocol/account_chain.js" */
/** @import { Device } from "./device.js" */
/** @import { Cursor } from "./records.js" */
/** @typedef {{ change: "none" } | { change: "remove", leaves: number[] } | { change: "update" }} Plan */

const JITTER = 250;

/**
 * Wants the mailbox's lock held.
 * @param {Device} device
 * @param {string} mailbox
 * @returns {Promise<boolean>} false when another commit came first: look again
 */
export async function bring_in_order(device, mailbox) {
  const group = await device.groups.get(mailbox);
  const cursor = await device.store.get("cursors", mailbox);
  const description = describe(group);
  const plan = plan_change(description, cursor, await chains_of(device, description.members));
  if (plan.change === "none") return true;
  const outcome = await commit_change(device, mailbox, (present, policy) =>
    plan.change === "remove" ? remove_members(present, plan.leaves, policy) : update_keys(present, policy),
  );
  // Whoever lost waits for a moment of its own, so that two don't meet for ever.
  if (outcome === "lost") await pause((device.random(1)[0] / 256) * JITTER);
  return false;
}

/**
 * @param {ReturnType<typeof describe>} description
 * @param {Cursor} cursor
 * @param {Map<string, ChainState>} chains by account; one that is not known keeps its leaves
 * @returns {Plan}
 */
export function plan_change({ members, own_leaf, leaving }, cursor, chains) {
  const inactive = members.filter((member) => {
    const chain = chains.get(to_base64url(member.account));
    return member.leaf !== own_leaf && chain !== undefined && !fits(chain, { ...member, state: "added" });
  });
  if (inactive.length > 0) return { change: "remove", leaves: inactive.map(({ leaf }) => leaf) };
  if (leaving.length > 0 || cursor.repair || !cursor.fresh) return { change: "update" };
  return { change: "none" };
}

/** @param {Device} device @param {{ account: Uint8Array }[]} members @returns {Promise<Map<string, ChainState>>} */
async function chains_of(device, members) {
  const accounts = [...new Set(members.map(({ account }) => to_base64url(account)))];
  const contacts = await Promise.all(accounts.map((account) => get_contact(device, account)));
  return new Map(contacts.flatMap((contact) => (contact ? [[contact.account, contact.chain]] : [])));
}

/** @param {number} wait @returns {Promise<void>} */
const pause = (wait) => new Promise((resolve) => void setTimeout(resolve, wait));
