// @ts-check
// What shows an operator, should the person wish it, that a message was really sent (docs/protocol.md 8): kept for some time beside
// each message that came, and known to nobody else.
import { to_base64url } from "../../codec/base64url.js";
import { find_message } from "../messages/find_message.js";
import { proof_ids, proof_prefix } from "../records.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { Changes } from "../../store/changes.js" */
/** @import { Store } from "../../store/store.js" */
/** @import { Content, UnknownContent } from "../../protocol/content_schema.js" */
/** @import { Device } from "../device.js" */
/** @import { Conversation, Message, Place } from "../records.js" */
/**
 * @typedef {{ minute: number, commitment: Bytes, franking: Bytes, opening: Bytes, content: Bytes }} Proof as it came with the envelope
 * @typedef {Proof & Place} KeptProof
 */

const DAY = 86_400_000;
const KEPT = 30 * DAY;

/**
 * Only of what is shown as a message of its author's: of two with one content id the first counts.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation
 * @param {{ content: Content | UnknownContent, proof?: Proof } & Place} item
 */
export async function keep_proof(changes, { now }, conversation, { content, proof, mailbox, sequence }) {
  if (!proof || content.type !== "text") return;
  const message = await find_message(changes, conversation.id, to_base64url(content.id));
  if (!message || message.own || message.place?.mailbox !== mailbox || message.place.sequence !== sequence) return;
  const [id] = proof_ids(conversation.id, { id: message.id, received: now() });
  changes.put("messages", id, { ...proof, mailbox, sequence });
}

/** @param {Store} store @param {string} conversation @param {Message} message @returns {Promise<KeptProof | undefined>} */
export async function find_proof(store, conversation, message) {
  const found = await store.get_many("messages", proof_ids(conversation, message));
  return found.find((proof) => proof !== undefined && proof.sequence === message.place?.sequence);
}

/** @param {Device} device */
export async function forget_old_proofs({ store, now }) {
  const before = proof_prefix(now() - KEPT);
  const old = await store.list("messages", { prefix: "p/", before });
  if (old.length === 0) return;
  await store.transaction(async (changes) => {
    for (const { id } of old) changes.delete("messages", id);
  });
}
