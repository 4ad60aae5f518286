// @ts-check
// What goes into the vault, from what is stored here (docs/protocol.md 4).
import { from_base64url } from "../codec/base64url.js";

/** @import { Store } from "../store/store.js" */
/** @import { VaultContents } from "../protocol/vault_contents.js" */
/** @import { Contact, Conversation } from "./records.js" */

/** @param {Store} store @returns {Promise<VaultContents>} */
export async function gather_vault(store) {
  const { identity_seed, archive_key } = await store.get("meta", "secrets");
  const contacts = await store.list("contacts", { prefix: "" });
  const conversations = await store.list("conversations", { prefix: "" });
  return {
    v: 1,
    identity_seed,
    archive_key,
    contacts: contacts.map(({ value }) => value).filter(({ own }) => !own).map(contact_entry),
    invitations: (await store.get("meta", "invitations")) ?? [],
    conversations: conversations.flatMap(({ value }) => conversation_entries(value)),
    settings: (await store.get("meta", "settings")) ?? {},
  };
}

/** @param {Contact} contact */
function contact_entry({ account, chain, added, verified }) {
  const { username, identity_key, seq, hash } = chain;
  return { account: from_base64url(account), username, identity_key, seq, hash, added, verified, blocked: false };
}

/** One for each mailbox: what is shown as one conversation may be two groups. @param {Conversation} conversation */
function conversation_entries({ mailboxes, kind, peer, state, before_stop }) {
  return mailboxes.map((mailbox) => ({
    mailbox: from_base64url(mailbox),
    kind,
    peers: [from_base64url(peer)],
    state: state === "stopped" ? before_stop : state,
  }));
}
