// @ts-check
// Stores what a batch of envelopes changed: group, messages, transcript and cursor in one transaction.
import { equal } from "../codec/bytes.js";
import { add_notice, set_status, tell_conversation } from "./conversation_log.js";
import { note_told } from "./key_log/compare_told.js";
import { outgoing_commit_id } from "./records.js";
import { take_content } from "./take_content.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { EnvelopeBatch, Item } from "./envelope_batch.js" */
/** @import { Contact, Conversation } from "./records.js" */

// Receipts of what comes within this time travel together: milliseconds.
const RECEIPT_WAIT = 400;

/** @param {EnvelopeBatch} batch */
export async function store_batch(batch) {
  const { device, cursor } = batch;
  await device.store.transaction(async (changes) => {
    changes.put("cursors", cursor.mailbox, cursor);
    if (batch.transcript) changes.put("transcripts", cursor.mailbox, batch.transcript);
    if (batch.group_changed) await device.groups.put(changes, cursor.mailbox, batch.group);
    for (const policy of batch.policies) await policy.save_strangers(changes);
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", cursor.conversation);
    if (!conversation) return;
    for (const item of batch.items) await store_item(changes, batch, conversation, item);
    changes.put("conversations", conversation.id, conversation);
    if (batch.items.length > 0) tell_conversation(changes, device, conversation.id);
    // Asked for only after it is stored: whoever acts on it reads the store.
    changes.after(() => {
      if (cursor.behind) device.tasks.rejoin(cursor.mailbox);
      else if (cursor.repair) device.tasks.flush(conversation.id);
      if (conversation.receipts_due.length > 0) device.tasks.flush(conversation.id, RECEIPT_WAIT);
    });
  });
}

/** @param {Changes} changes @param {EnvelopeBatch} batch @param {Conversation} conversation @param {Item} item */
async function store_item(changes, batch, conversation, item) {
  const { device, cursor } = batch;
  switch (item.kind) {
    case "own_sent":
      changes.delete("outbox", item.outgoing.key);
      if (item.outgoing.order !== null) await set_status(changes, conversation, item.outgoing.order, "stored");
      return;
    case "own_commit":
      changes.delete("outbox", outgoing_commit_id(cursor.mailbox));
      await device.groups.drop_pending(changes, cursor.mailbox);
      return;
    case "removed":
      conversation.mailboxes = conversation.mailboxes.filter((mailbox) => mailbox !== cursor.mailbox);
      add_notice(changes, device, conversation, "removed", device.own.account);
      return;
    case "notice":
      add_notice(changes, device, conversation, item.code, item.author);
      if (item.alert) {
        const { code } = item;
        changes.after(() => device.emit("alert", { code, conversation: conversation.id }));
      }
      return;
    default:
      await take_content(changes, device, conversation, item);
      await compare_chain(changes, batch, item.author, item.content.chain);
      await note_told(changes, device, { account: item.author, by: item.device }, item.content.checkpoint);
  }
}

/**
 * The sender says how far its account's chain goes: what this device has pinned may be old, or another one altogether.
 * @param {Changes} changes
 * @param {EnvelopeBatch} batch
 * @param {string} account
 * @param {{ seq: number, hash: Uint8Array }} chain
 */
async function compare_chain(changes, { device }, account, { seq, hash }) {
  /** @type {Contact | undefined} */
  const contact = await changes.get("contacts", account);
  if (!contact || contact.changed) return;
  const is_newer = seq > contact.chain.seq;
  const is_other = seq === contact.chain.seq && !equal(hash, contact.chain.hash);
  if (is_newer || is_other) changes.after(() => device.tasks.refresh(account, { seq, hash }));
}
