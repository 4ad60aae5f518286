// @ts-check
// Encrypts what waits in a conversation's outbox and stores the envelopes together with the group's new state, so that no key is
// ever used for two texts. Wants the mailbox's lock held.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { encode_content } from "../protocol/content.js";
import { encrypt, propose_leave } from "../protocol/mls.js";
import { last_hash } from "./follow_transcript.js";
import { get_held } from "./key_log/held_log.js";
import { owes_receipts, take_due } from "./messages/owed_receipts.js";
import { queue_content } from "./queue_content.js";
import { outgoing_prefix } from "./records.js";

/** @import { ChainHead, Checkpoint, Seen, TypedBody } from "../protocol/content_schema.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation, Cursor, Outgoing } from "./records.js" */

const MOST_AT_ONCE = 32;
const NO_COMMITMENT = new Uint8Array(32);

/**
 * @param {Device} device
 * @param {string} conversation
 * @param {string} mailbox
 * @returns {Promise<Outgoing[]>} with their envelopes, those from before a crash first
 */
export async function encrypt_waiting(device, conversation, mailbox) {
  await queue_receipts(device, conversation);
  const rows = await device.store.list("outbox", { prefix: outgoing_prefix(conversation) });
  /** @type {Outgoing[]} */
  const waiting = rows.map(({ value }) => value).filter(({ accepted }) => !accepted);
  const encrypted = waiting.filter(({ envelope }) => envelope);
  // Those keep their place: what was written later leaves in a later round.
  if (encrypted.length > 0) return encrypted;
  const next = up_to_leave(waiting.slice(0, MOST_AT_ONCE));
  if (next.length === 0) return [];
  const { own } = device;
  const { chain } = await device.store.get("contacts", own.account);
  /** @type {Cursor} */
  const cursor = await device.store.get("cursors", mailbox);
  const transcript = await device.store.get("transcripts", mailbox);
  const seen = { sequence: transcript.sequence, transcript: last_hash(transcript) };
  const checkpoint = await newest_checkpoint(device);
  let group = await device.groups.get(mailbox);
  for (const outgoing of next) {
    const { group: after, body, commitment } =
      outgoing.type === "leave"
        ? { ...(await propose_leave(group)), commitment: NO_COMMITMENT }
        : await encrypt_content(group, outgoing.type, outgoing, { seen, chain, checkpoint, mailbox, random: device.random });
    group = after;
    outgoing.mailbox = mailbox;
    outgoing.envelope = { id: to_base64url(device.random(16)), slot: cursor.slot, body, commitment };
  }
  return device.store.transaction(async (changes) => {
    if (!goes_to(await changes.get("conversations", conversation), mailbox)) return [];
    await device.groups.put(changes, mailbox, group);
    for (const outgoing of next) changes.put("outbox", outgoing.key, outgoing);
    return next;
  });
}

/** After the wish to leave nothing can be sent. @param {Outgoing[]} waiting */
function up_to_leave(waiting) {
  const at = waiting.findIndex(({ type }) => type === "leave");
  return at < 0 ? waiting : waiting.slice(0, at + 1);
}

/**
 * @param {any} group of protocol/mls.js
 * @param {TypedBody["type"]} type
 * @param {Outgoing} outgoing
 * @param {{ seen: Seen, chain: ChainHead, checkpoint: Checkpoint | null, mailbox: string, random: Device["random"] }} state
 */
async function encrypt_content(group, type, { content_id, time, body }, { seen, chain, checkpoint, mailbox, random }) {
  const { seq, hash } = chain;
  const content = { type, id: from_base64url(content_id), time, seen, chain: { seq, hash }, checkpoint, body };
  const { plain, commitment } = await encode_content(content, random(32), from_base64url(mailbox));
  return { ...(await encrypt(group, plain)), commitment };
}

/**
 * Whether what waits in a conversation may leave through a mailbox now.
 * @param {Conversation | undefined} conversation
 * @param {string} mailbox
 */
export function goes_to(conversation, mailbox) {
  const may_go = conversation?.state === "active" || conversation?.group?.leaving;
  return Boolean(may_go && conversation.mailboxes.includes(mailbox));
}

/** What others compare with theirs (docs/key_log.md 5). @param {Device} device */
async function newest_checkpoint(device) {
  const held = await get_held(device.store);
  return held && held.size > 0 ? { size: held.size, root: held.root, signature: held.signature } : null;
}

/** Receipts that are owed become one content. @param {Device} device @param {string} id */
async function queue_receipts(device, id) {
  await device.store.transaction(async (changes) => {
    /** @type {Conversation} */
    const conversation = await changes.get("conversations", id);
    if (!owes_receipts(conversation)) return;
    queue_content(changes, device, conversation, { type: "receipt", body: take_due(conversation) });
    changes.put("conversations", id, conversation);
  });
}
