// @ts-check
// What the interface reads of groups.
import { read_part } from "../../protocol/group_state.js";
import { is_verified } from "../refresh_contact.js";
import { link_token } from "./group_links.js";
import { rights_in, roles_by_account } from "./group_rights.js";
import { members_rights_in, settings_in } from "./group_rules_of.js";

/** @import { Parts, PartName, Rights, Settings } from "../../protocol/group_state.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Contact, Conversation, GroupRecord } from "../records.js" */

const NOTHING = { add: false, edit: false, write: true, rights: false, roles: false };

/** @param {Store} store @param {{ id: string }} of @param {number} now */
async function query_group(store, { id }, now) {
  /** @type {Conversation | undefined} */
  const conversation = await store.get("conversations", id);
  const { group: record, state } = conversation ?? {};
  if (!conversation || !record) return null;
  const { account } = await store.get("meta", "profile");
  const role_of = await roles_by_account(record);
  const { title, picture, timer } = await settings_or_kept(record);
  const { who_adds, who_edits, who_writes } = await rights_or_kept(record);
  const rights = (state === "active" && (await rights_in(record, account))) || NOTHING;
  return {
    ...{ title, picture, role: role_of(account), who_adds, who_edits, who_writes, timer },
    link: (await link_token(store, id, now)) !== null,
    may: rights,
    members: await members_of(store, record, { account, role_of }),
  };
}

/** @param {Store} store @param {GroupRecord} record @param {{ account: string, role_of: (account: string) => string }} own */
async function members_of(store, { members }, { account: own, role_of }) {
  /** @type {(Contact | undefined)[]} */
  const contacts = await store.get_many("contacts", members.map(({ account }) => account));
  return members.map(({ account, devices }, at) => ({
    account,
    username: contacts[at]?.chain.username ?? "",
    verified: is_verified(contacts[at]),
    identity_changed: Boolean(contacts[at]?.changed),
    role: role_of(account),
    own: account === own,
    devices,
  }));
}

/**
 * What is in force, or, while nothing is, what the archive had of it.
 * @param {GroupRecord} record
 * @returns {Promise<Settings>}
 */
async function settings_or_kept(record) {
  return (await settings_in(record)) ?? (await read_kept(record, "settings")) ?? { v: 1, title: "", picture: null, timer: 0 };
}

/** The same. @param {GroupRecord} record @returns {Promise<Rights>} */
async function rights_or_kept(record) {
  const unknown = /** @type {Rights} */ ({ v: 1, who_adds: "admins", who_edits: "admins", who_writes: "members" });
  return (await members_rights_in(record)) ?? (await read_kept(record, "rights")) ?? unknown;
}

/**
 * @template {PartName} Name
 * @param {GroupRecord} record
 * @param {Name} part
 * @returns {Promise<Parts[Name] | null>}
 */
async function read_kept({ kept = [] }, part) {
  const newest = kept.find((one) => one.part === part);
  return newest ? read_part(part, newest, newest.hash) : null;
}

/**
 * What a list of conversations says of groups.
 * @template {{ id: string, peer: any, waits_for_log: boolean }} T
 * @param {Store} store
 * @param {T[]} entries
 * @param {Conversation[]} conversations of the entries
 * @param {(contact: Contact | undefined) => boolean} may_be_sent_to
 */
export async function fill_groups(store, entries, conversations, may_be_sent_to) {
  if (!conversations.some(({ group }) => group)) return entries;
  const { account: own } = await store.get("meta", "profile");
  const people = [...new Set(conversations.flatMap(({ group }) => group?.members.map(({ account }) => account) ?? []))];
  const contacts = new Map((await store.get_many("contacts", people)).map((contact, at) => [people[at], contact]));
  return Promise.all(
    entries.map(async (entry, at) => {
      const { group } = conversations[at];
      return group ? { ...entry, ...(await group_fields(entry.id, group, { contacts, own, may_be_sent_to })) } : entry;
    }),
  );
}

/**
 * @param {string} id
 * @param {GroupRecord} record
 * @param {{ contacts: Map<string, Contact | undefined>, own: string, may_be_sent_to: (contact: Contact | undefined) => boolean }} known
 */
async function group_fields(id, record, { contacts, own, may_be_sent_to }) {
  const { title, picture } = await settings_or_kept(record);
  const others = record.members.filter(({ account }) => account !== own).map(({ account }) => contacts.get(account));
  return {
    ...{ title, picture, role: (await roles_by_account(record))(own), may_write: (await rights_in(record, own))?.write ?? true },
    peer: { account: id, username: title, verified: false, identity_changed: others.some((contact) => Boolean(contact?.changed)) },
    waits_for_log: !others.every(may_be_sent_to),
  };
}

export const GROUP_QUERIES = { group: query_group };
