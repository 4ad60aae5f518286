// @ts-check
// A new group of several people. Whoever makes it is its owner.
import { from_base64url, to_base64url } from "../../codec/base64url.js";
import { Talk2meError } from "../../errors.js";
import { PARTS } from "../../protocol/group_parts.js";
import { make_part } from "../../protocol/group_state.js";
import { create_group as create_mls_group, update_keys } from "../../protocol/mls.js";
import { note_state } from "../archive/note_archive.js";
import { LeafPolicy } from "../check_leaves.js";
import { choose_suite } from "../choose_suite.js";
import { claim_devices, claim_own_others } from "../claim_devices.js";
import { make_or_wait, put_commit, settle_commit } from "../commit_change.js";
import { add_mailbox, new_group_conversation, tell_conversation } from "../conversation_log.js";
import { mailbox_lock } from "../receive_envelopes.js";
import { new_cursor } from "../records.js";
import { refresh_contact } from "../refresh_contact.js";
import { mark_vault } from "../vault/keep_vault.js";
import { usable_chain } from "./add_people.js";
import { states_of } from "./answer_wishes.js";
import { fit_adds, MOST_CLAIMED } from "./fit_adds.js";
import { members_in } from "./group_rules_of.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { PartName, Rights, Settings, StatePart } from "../../protocol/group_state.js" */
/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Device } from "../device.js" */
/** @typedef {Record<PartName, StatePart>} Parts */
/** @typedef {(changes: Changes, id: string) => Promise<void>} Also what is stored with the new group, `id` */

/** What people expect of a group that they have just made. @type {Rights} */
const DEFAULTS = { v: 1, who_adds: "admins", who_edits: "members", who_writes: "members" };

/**
 * @param {Device} device
 * @param {{ title: string, picture?: Uint8Array | null, members: string[] }} wish accounts
 * @returns {Promise<{ conversation: string }>} stored; those for whom one commit has no room are added in the background
 * @throws {Talk2meError} `encoding_invalid`, `identity_changed`, `claim_refused`, `no_key_package`, `suite_unsupported`, ...
 */
export async function create_group(device, { title, picture = null, members }) {
  const parts = await first_parts(device, { v: 1, title: title.trim(), picture: picture && picture.slice(), timer: 0 });
  const accounts = [...new Set(members)].filter((account) => account !== device.own.account);
  if (accounts.length === 0) throw new Talk2meError("bad_request");
  const chains = await Promise.all(accounts.map((account) => usable_chain(device, account)));
  return begin_group(device, { parts, accounts, chains });
}

/**
 * One that nobody but the own account is in.
 * @param {Device} device
 * @param {{ title: string, also: Also }} wish
 * @returns {Promise<{ conversation: string }>}
 * @throws {Talk2meError} what the transport throws
 */
export async function create_own_group(device, { title, also }) {
  const parts = await first_parts(device, { v: 1, title, picture: null, timer: 0 });
  return begin_group(device, { parts, accounts: [], chains: [], also });
}

/**
 * @param {Device} device
 * @param {{ parts: Parts, accounts: string[], chains: ChainState[], also?: Also }} wish `chains`: of the accounts
 */
async function begin_group(device, { parts, accounts, chains, also = async () => {} }) {
  const mine = await refresh_contact(device, device.own.account);
  const suite = choose_suite([...chains, mine.chain]);
  const first = chains.slice(0, MOST_CLAIMED);
  const own_others = await claim_own_others(device, mine.chain, suite);
  const claimed = await Promise.all(first.map((chain) => claim_devices(device, chain, suite)));
  const mailbox = device.random(16);
  const pending = await make_first_commit(device, { mailbox, suite, parts, claimed: [own_others, ...claimed] });
  const id = to_base64url(mailbox);
  await store_group(device, id, { pending, parts, accounts, also });
  device.background(async () => {
    await device.mutexes.run(mailbox_lock(id), () => settle_commit(device, id));
    device.tasks.flush(id);
  });
  return { conversation: id };
}

/** @param {Device} device @param {Settings} settings @returns {Promise<Parts>} */
async function first_parts({ own, random }, settings) {
  return {
    roles: await make_part("roles", { v: 1, owners: [from_base64url(own.account)], admins: [] }, random),
    rights: await make_part("rights", DEFAULTS, random),
    settings: await make_part("settings", settings, random),
  };
}

/** @param {Device} device @param {{ mailbox: Bytes, suite: number, parts: Parts, claimed: Bytes[][] }} group */
async function make_first_commit(device, { mailbox, suite, parts, claimed }) {
  const { own, signature_key } = device;
  const policy = new LeafPolicy(device);
  return make_or_wait(async () => {
    const before = await create_mls_group({
      mailbox,
      suite,
      kind: "group",
      hashes: { roles: parts.roles.hash, rights: parts.rights.hash, settings: parts.settings.hash },
      own: { account: from_base64url(own.account), device: from_base64url(own.device) },
      signature_key,
      now: device.now(),
    });
    const made = claimed.flat().length > 0 ? await fit_adds(before, policy, claimed) : await update_keys(before, policy);
    return { before, states: states_of({ ...parts, members: [] }), ...made };
  }, policy);
}

/** @param {Device} device @param {string} mailbox @param {{ pending: any, parts: Parts, accounts: string[], also: Also }} made */
async function store_group(device, mailbox, { pending, parts, accounts, also }) {
  const added = new Set(members_in(pending.group).map(({ account }) => account));
  const wanted = accounts.filter((account) => !added.has(account));
  await device.store.transaction(async (changes) => {
    const conversation = new_group_conversation({ mailbox, state: "active", suite: pending.before.suite, time: device.now() });
    conversation.state_time = device.now();
    Object.assign(conversation.group, { ...parts, members: members_in(pending.before), ...(wanted.length > 0 ? { wanted } : {}) });
    add_mailbox(conversation, mailbox, pending.before.suite);
    changes.put("cursors", mailbox, { ...new_cursor(mailbox, mailbox), fresh: true });
    await device.groups.put(changes, mailbox, pending.before);
    await put_commit(changes, device, mailbox, pending, 0, { create: true });
    changes.put("conversations", mailbox, conversation);
    await also(changes, mailbox);
    await mark_vault(changes, device);
    for (const part of PARTS) await note_state(changes, device, conversation, part, parts[part]);
    tell_conversation(changes, device, mailbox);
  });
}
