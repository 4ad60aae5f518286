// @ts-check
// Lets people into a group: with all their devices, and with what the group has agreed on.
import { is_talk2me_error, Talk2meError } from "../../errors.js";
import { from_base64url } from "../../codec/base64url.js";
import { is_integer } from "../../codec/fields.js";
import { active_devices } from "../../protocol/account_chain.js";
import { MOST_SHARED } from "../../protocol/content_schema.js";
import { rights_of } from "../../protocol/group_rules.js";
import { claim_devices } from "../claim_devices.js";
import { add_notice, tell_conversation } from "../conversation_log.js";
import { refresh_contact } from "../refresh_contact.js";
import { states_of } from "./answer_wishes.js";
import { active_group, commit_group_change } from "./commit_group_change.js";
import { fit_adds, MOST_CLAIMED } from "./fit_adds.js";
import { check_nobody_is_gone } from "./gone_members.js";
import { members_in, unread_parts } from "./group_rules_of.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Hashes } from "../../protocol/mls_leaf.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation } from "../records.js" */
/** @import { Present } from "./commit_group_change.js" */
/** @typedef {{ account: string, key_packages: Bytes[] }} Claimed */

// What is an account's own fault keeps nobody else out.
const OF_ONE = ["claim_refused", "no_key_package", "key_package_invalid", "suite_unsupported", "identity_changed", "not_found", "member_gone"];

/**
 * @param {Device} device
 * @param {{ conversation: string, accounts: string[], history?: number }} wish `history`: so many of the newest messages are given to them
 * @throws {Talk2meError} `bad_request`, `member_gone`; as `commit_group_change`, and of whoever could not be added: the others are in then
 */
export async function add_to_group(device, { conversation, accounts, history = 0 }) {
  if (!is_integer(history) || history > MOST_SHARED) throw new Talk2meError("bad_request");
  await add_people(device, conversation, accounts, history);
}

/** @param {Device} device @param {string} account @returns {Promise<ChainState>} never of an old answer */
export async function usable_chain(device, account) {
  const contact = await refresh_contact(device, account);
  if (contact.changed) throw new Talk2meError("identity_changed");
  return contact.chain;
}

/** @param {Device} device @param {string} id @param {string[]} accounts @param {number} [history] messages */
async function add_people(device, id, accounts, history = 0) {
  const conversation = await active_group(device, id);
  const { suite, group } = conversation;
  const present = new Set(group.members.map(({ account }) => account));
  const wanted = [...new Set(accounts)].filter((account) => !present.has(account));
  if (wanted.length > 0) await check_nobody_is_gone(device, conversation);
  let failure;
  for (let at = 0; at < wanted.length; at += MOST_CLAIMED) {
    const { claimed, refused } = await claim_some(device, wanted.slice(at, at + MOST_CLAIMED), suite);
    failure ??= refused;
    await add_claimed(device, id, claimed, history);
  }
  if (failure) throw failure;
}

/** @param {Device} device @param {string[]} accounts @param {number} suite */
async function claim_some(device, accounts, suite) {
  /** @type {Claimed[]} */
  const claimed = [];
  let refused;
  for (const account of accounts) {
    try {
      const chain = await usable_chain(device, account);
      if (!active_devices(chain).every(({ suites }) => suites.includes(suite))) throw new Talk2meError("suite_unsupported");
      claimed.push({ account, key_packages: await claim_devices(device, chain, suite) });
    } catch (error) {
      if (!is_talk2me_error(error) || !OF_ONE.includes(error.code)) throw error;
      refused ??= error;
    }
  }
  return { claimed, refused };
}

/** @param {Device} device @param {string} id @param {Claimed[]} claimed @param {number} history messages */
async function add_claimed(device, id, claimed, history) {
  for (let is_done = false; !is_done; ) {
    await commit_group_change(device, id, async (present) => {
      const left = left_of(present, claimed);
      is_done = left.length === 0;
      if (is_done) return null;
      const made = await fit_adds(present.group, present.policy, left, put_back(present, device.own.account));
      return { ...made, states: states_of(present.record), ...(history > 0 ? { history: { accounts: added_by(present, made), most: history } } : {}) };
    });
  }
}

/**
 * What the group has agreed on and nobody has been shown is replaced by what is in force: who comes in could not read that otherwise.
 * @param {Present} present
 * @param {string} account this one, which has to be one that may
 * @returns {Partial<Hashes>}
 */
function put_back({ group, described, record, rules }, account) {
  const may = rights_of(rules, from_base64url(account), described.members.map((member) => member.account));
  const may_change = { roles: may.roles, rights: may.rights, settings: may.edit };
  return Object.fromEntries(unread_parts(group, record).flatMap((part) => (record[part] && may_change[part] ? [[part, record[part].hash]] : [])));
}

/** @param {Present} present @param {{ group: any }} made @returns {string[]} accounts */
function added_by({ group }, made) {
  const before = new Set(members_in(group).map(({ account }) => account));
  return members_in(made.group).flatMap(({ account }) => (before.has(account) ? [] : [account]));
}

/** @param {Present} present @param {Claimed[]} claimed @returns {Bytes[][]} of those who are not in it */
function left_of({ group }, claimed) {
  const accounts = new Set(members_in(group).map(({ account }) => account));
  return claimed.filter(({ account, key_packages }) => !accounts.has(account) && key_packages.length > 0).map(({ key_packages }) => key_packages);
}

/**
 * Those for whom there was no room when the group was made; a page that was closed meanwhile goes on with them.
 * @param {Device} device
 * @param {string} id
 */
export async function add_wanted(device, id) {
  const { group } = await active_group(device, id);
  if (!group.wanted) return;
  let failed = "";
  try {
    await add_people(device, id, group.wanted);
  } catch (error) {
    if (!is_talk2me_error(error) || !OF_ONE.includes(error.code)) throw error;
    failed = error.code;
  }
  await device.store.transaction(async (changes) => {
    await changes.update("conversations", id, (/** @type {Conversation} */ conversation) => {
      const present = new Set(conversation.group?.members.map(({ account }) => account));
      const missing = (conversation.group?.wanted ?? []).filter((account) => !present.has(account));
      delete conversation.group?.wanted;
      if (failed && missing.length > 0) add_notice(changes, device, conversation, "not_added", device.own.account, { about: missing });
    });
    tell_conversation(changes, device, id);
  });
}
