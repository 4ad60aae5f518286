// @ts-check
// Before anything is sent, the group has to be as the chains say, and this device's keys in it fresh.
import { to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { describe, remove_members, update_keys } from "../protocol/mls.js";
import { fits } from "./check_leaves.js";
import { commit_change } from "./commit_change.js";
import { rules_in, unread_parts } from "./groups/group_rules_of.js";
import { pause } from "./pause.js";
import { get_contact } from "./refresh_contact.js";

/** @import { ChainState } from "../protocol/account_chain.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation, Cursor } from "./records.js" */
/** @typedef {{ change: "none" } | { change: "remove", leaves: number[] } | { change: "update" }} Plan */

const JITTER = 250;

/**
 * Wants the mailbox's lock held.
 * @param {Device} device
 * @param {string} mailbox
 * @returns {Promise<boolean>} false when another commit came first: look again
 * @throws {Talk2meError} `group_unread`: others have to commit first; what `commit_change` throws
 */
export async function bring_in_order(device, mailbox) {
  const group = await device.groups.get(mailbox);
  const cursor = await device.store.get("cursors", mailbox);
  const description = describe(group);
  const plan = plan_change(description, cursor, await chains_of(device, description));
  if (plan.change === "none") return true;
  if (await is_for_others(device, group, cursor, plan)) throw new Talk2meError("group_unread");
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
  // Who has asked to be let out commits nothing.
  if (leaving.includes(own_leaf)) return { change: "none" };
  if (inactive.length > 0) return { change: "remove", leaves: inactive.map(({ leaf }) => leaf) };
  if (leaving.length > 0 || cursor.repair || !cursor.fresh) return { change: "update" };
  return { change: "none" };
}

/**
 * With somebody's last leaf their role goes, by the same commit: a device that has not read who has which leaves that to one that has.
 * @param {Device} device
 * @param {any} group of protocol/mls.js
 * @param {Cursor} cursor
 * @param {Plan} plan
 */
async function is_for_others(device, group, { conversation: id }, plan) {
  const { members, leaving } = describe(group);
  const going = new Set([...leaving, ...(plan.change === "remove" ? plan.leaves : [])]);
  const staying = new Set(members.filter(({ leaf }) => !going.has(leaf)).map(({ account }) => to_base64url(account)));
  if (members.every(({ account }) => staying.has(to_base64url(account)))) return false;
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", id);
  const record = conversation?.group;
  return record !== undefined && (!(await rules_in(record)) || unread_parts(group, record).includes("roles"));
}

/**
 * In a group whoever has another identity by now is out: all members see the same in the log. With one person alone, the
 * conversation stops instead.
 * @param {Device} device
 * @param {ReturnType<typeof describe>} description
 * @returns {Promise<Map<string, ChainState>>}
 */
async function chains_of(device, { kind, members }) {
  const accounts = [...new Set(members.map(({ account }) => to_base64url(account)))];
  const contacts = await Promise.all(accounts.map((account) => get_contact(device, account)));
  return new Map(
    contacts.flatMap((contact) => {
      if (!contact || contact.chain.devices.length === 0) return [];
      const { account, chain, changed, own } = contact;
      return [[account, kind === "group" && changed && !own ? changed : chain]];
    }),
  );
}
