// @ts-check
// Stores what a batch of envelopes changed: group, messages, transcript and cursor in one transaction.
import { equal } from "../codec/bytes.js";
import { add_notice, tell_conversation } from "./conversation_log.js";
import { note_giving } from "./groups/note_giving.js";
import { note_removed, queue_states, store_group_changes } from "./groups/store_group_changes.js";
import { store_state } from "./groups/take_state.js";
import { note_told } from "./key_log/compare_told.js";
import { note_own_stored } from "./note_sent.js";
import { keep_proof } from "./people/keep_proof.js";
import { outgoing_commit_id } from "./records.js";
import { take_content } from "./take_content.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { EnvelopeBatch, Item } from "./envelope_batch.js" */
/** @import { Contact, Conversation } from "./records.js" */

// Receipts of what comes within this time travel together: milliseconds.
const RECEIPT_WAIT = 400;
const REPAIR_SPREAD = 1_000;
const SPREAD_EACH = 150;
const MOST_SPREAD = 15_000;

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
    resume(changes, device, conversation);
    for (const item of batch.items) await store_item(changes, batch, conversation, item);
    if (conversation.group) await store_group_changes(changes, batch, conversation);
    changes.put("conversations", conversation.id, conversation);
    if (batch.items.length > 0) tell_conversation(changes, device, conversation.id);
    // Asked for only after it is stored: whoever acts on it reads the store.
    changes.after(() => {
      if (cursor.behind) device.tasks.rejoin(cursor.mailbox);
      else if (cursor.repair) device.tasks.flush(conversation.id, conversation.group ? some_wait(device) : 0);
      if (conversation.receipts_due.length > 0) device.tasks.flush(conversation.id, receipt_wait(device, conversation));
    });
  });
}

/**
 * Something has come from a group that the server had put this device out of: a commit of another member has put it back.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 */
function resume(changes, device, conversation) {
  if (conversation.stopped !== "mailbox_unknown") return;
  Object.assign(conversation, { state: conversation.before_stop, stopped: null });
  tell_conversation(changes, device, conversation.id);
  changes.after(() => device.tasks.flush(conversation.id));
}

/** Many in a group would all answer at the same moment. @param {Device} device @param {Conversation} conversation */
function receipt_wait(device, { group }) {
  const spread = Math.min((group?.members.length ?? 0) * SPREAD_EACH, MOST_SPREAD);
  return RECEIPT_WAIT + Math.floor((device.random(1)[0] / 256) * spread);
}

/** Of many who see it one puts it right. @param {Device} device */
const some_wait = (device) => Math.floor((device.random(1)[0] / 256) * REPAIR_SPREAD);

/** @param {Changes} changes @param {EnvelopeBatch} batch @param {Conversation} conversation @param {Item} item */
async function store_item(changes, batch, conversation, item) {
  const { device, cursor } = batch;
  switch (item.kind) {
    case "own_sent":
      changes.delete("outbox", item.outgoing.key);
      await note_own_stored(changes, device, conversation, item.outgoing, item.sequence);
      return;
    case "own_late":
      changes.delete("outbox", outgoing_commit_id(cursor.mailbox));
      await device.groups.drop_pending(changes, cursor.mailbox);
      return;
    case "own_commit":
      await queue_states(changes, device, conversation, cursor.mailbox);
      await note_giving(changes, device, conversation, item.sequence);
      changes.delete("outbox", outgoing_commit_id(cursor.mailbox));
      await device.groups.drop_pending(changes, cursor.mailbox);
      return;
    case "removed":
      conversation.mailboxes = conversation.mailboxes.filter((mailbox) => mailbox !== cursor.mailbox);
      if (conversation.group) await note_removed(changes, device, conversation, item.author ?? "");
      else add_notice(changes, device, conversation, "removed", device.own.account);
      return;
    case "state":
      await store_state(changes, device, conversation, item);
      return;
    case "notice":
      add_notice(changes, device, conversation, item.code, item.author, item.about ? { about: item.about } : {});
      if (item.alert) {
        const { code } = item;
        changes.after(() => device.emit("alert", { code, conversation: conversation.id }));
      }
      return;
    default:
      await take_content(changes, device, conversation, { ...item, mailbox: cursor.mailbox });
      await keep_proof(changes, device, conversation, { ...item, mailbox: cursor.mailbox });
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
