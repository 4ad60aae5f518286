// @ts-check
// Contacts and conversations out of a vault: those that this device does not know yet. It joins the conversations by itself.
import { to_base64url } from "../codec/base64url.js";
import { new_conversation } from "./conversation_log.js";
import { new_cursor } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { ConversationEntry, VaultContents } from "../protocol/vault_contents.js" */
/** @import { Contact, Conversation } from "./records.js" */

/** @param {Changes} changes @param {VaultContents} contents */
export async function restore_contacts(changes, { contacts }) {
  for (const { account: id, username, identity_key, seq, hash, added, verified } of contacts) {
    const account = to_base64url(id);
    if (await changes.get("contacts", account)) continue;
    // Its devices are learned with the next look at the chain, which has to go on from what is pinned here.
    const chain = { account: id, username, identity_key, recovery_keys: [], devices: [], seq, hash };
    /** @type {Contact} */
    const contact = { account, chain, fetched: 0, own: false, added, verified, changed: null };
    changes.put("contacts", account, contact);
  }
}

/** @param {Changes} changes @param {Device} device @param {VaultContents} contents */
export async function restore_conversations(changes, device, { conversations }) {
  for (const entry of conversations) {
    if (entry.kind !== "direct" || entry.peers.length !== 1) continue;
    const mailbox = to_base64url(entry.mailbox);
    if (await changes.get("cursors", mailbox)) continue;
    const conversation = await conversation_of(changes, device, entry);
    conversation.mailboxes.push(mailbox);
    changes.put("conversations", conversation.id, conversation);
    changes.put("cursors", mailbox, { ...new_cursor(mailbox, conversation.id), behind: true });
    changes.after(() => {
      device.emit("conversations");
      device.tasks.rejoin(mailbox);
    });
  }
}

/** @param {Changes} changes @param {Device} device @param {ConversationEntry} entry @returns {Promise<Conversation>} */
async function conversation_of(changes, device, { peers, state }) {
  const peer = to_base64url(peers[0]);
  const known = await changes.get("conversations", peer);
  // The suite is known once the group is joined.
  return known ?? new_conversation({ peer, state, suite: 0, time: device.now() });
}
