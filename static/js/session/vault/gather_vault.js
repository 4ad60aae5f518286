// @ts-check
// What goes into the vault, from what is stored here (docs/protocol.md 4).
import { from_base64url } from "../../codec/base64url.js";
import { links_written } from "../archive/archive_state.js";
import { find_entry, get_device_entries } from "./device_entries.js";
import { entries_of, recovery_of } from "./make_wraps.js";
import { get_secrets } from "./secrets.js";
import { timed_settings } from "../settings.js";

/** @import { ChainState } from "../../protocol/account_chain.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { ConversationEntry, VaultContents } from "../../protocol/vault_contents.js" */
/** @import { Contact, Conversation } from "../records.js" */

/** @param {Store} store @param {ChainState} chain the own one @returns {Promise<VaultContents>} */
export async function gather_vault(store, chain) {
  const secrets = await get_secrets({ store });
  const contacts = await store.list("contacts", { prefix: "" });
  const conversations = await store.list("conversations", { prefix: "" });
  return {
    v: 2,
    identity_seed: secrets.identity_seed,
    archive: secrets.archive,
    recovery: recovery_of(secrets, chain).known,
    devices: await device_entries(store, chain),
    contacts: contacts.map(({ value }) => value).filter(({ own }) => !own).map(contact_entry),
    invitations: (await store.get("meta", "invitations")) ?? [],
    conversations: conversations.flatMap(({ value }) => conversation_entries(value)),
    settings: await timed_settings(store),
  };
}

/** @param {Store} store @param {ChainState} chain */
async function device_entries(store, chain) {
  const { device } = await store.get("meta", "profile");
  const entries = entries_of(await get_device_entries(store), chain);
  const own = find_entry(entries, device);
  const links = await links_written(store);
  return entries.map((entry) => (entry === own ? { ...entry, links: Math.max(entry.links, links) } : entry));
}

/** @param {Contact} contact */
function contact_entry({ account, chain, added, verified }) {
  const { username, identity_key, seq, hash } = chain;
  return { account: from_base64url(account), username, identity_key, seq, hash, added, verified, blocked: false };
}

/** One for each mailbox: what is shown as one conversation may be two groups. @param {Conversation} conversation @returns {ConversationEntry[]} */
function conversation_entries(conversation) {
  const { mailboxes, left = [], kind, state, before_stop, archive = true } = conversation;
  return (mailboxes.length > 0 ? mailboxes : left).map((mailbox) => ({
    mailbox: from_base64url(mailbox),
    kind,
    peers: peers_in(conversation).map(from_base64url),
    state: state === "stopped" ? before_stop : state,
    archive,
    time: changed_at(conversation),
  }));
}

/** @param {Conversation} conversation @returns {string[]} of a group all who are in it */
function peers_in({ group, peer }) {
  return group ? group.members.map(({ account }) => account) : [peer];
}

/** When a person last decided something about it. @param {Conversation} conversation @returns {number} unix ms */
export function changed_at({ state_time = 0, archive_time = 0 }) {
  return Math.max(state_time, archive_time);
}
