// @ts-check
// One envelope of a conversation's mailbox. Whatever it is, the cursor and the transcript move on; nothing of an envelope that
// is refused stays behind but a notice.
import { equal } from "../codec/bytes.js";
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { sha256 } from "../crypto/hash.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { decode_content } from "../protocol/content.js";
import { describe, process } from "../protocol/mls.js";
import { next as next_transcript, start as start_transcript } from "../protocol/transcript.js";
import { active_members } from "./active_members.js";
import { LeafPolicy } from "./check_leaves.js";
import { same_devices } from "./compare_subscribers.js";
import { compare_seen, extend_transcript, last_hash } from "./follow_transcript.js";
import { find_subscription } from "./list_mailboxes.js";
import { refresh_contact } from "./refresh_contact.js";

/** @import { EnvelopeBatch } from "./envelope_batch.js" */
/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Device } from "./device.js" */
/** @import { Envelope } from "./read_envelopes.js" */

/**
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope behind the batch's cursor
 * @throws {Talk2meError} only when the network or the storage failed; the batch is then as before
 */
export async function process_envelope(batch, envelope) {
  const { cursor } = batch;
  if (envelope.sequence !== cursor.sequence + 1 && batch.transcript) await note_gap(batch, envelope);
  const began_epoch = await take(batch, envelope);
  await follow(batch, envelope, began_epoch);
  if (envelope.kind === "commit") await check_subscribers(batch, envelope);
  cursor.sequence = envelope.sequence;
  cursor.slot = envelope.slot;
}

/**
 * Numbers are missing. Either this device was put out and let in again meanwhile, or the server keeps something back.
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope
 */
async function note_gap(batch, { sequence }) {
  const subscription = await find_subscription(batch.device, from_base64url(batch.cursor.mailbox));
  if (subscription?.first !== sequence) {
    batch.note("history_differs", { alert: true });
    return;
  }
  batch.note("gap");
  batch.cursor.behind = true;
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope @returns {Promise<boolean>} whether it was an accepted commit */
async function take(batch, envelope) {
  const outgoing = batch.own_outgoing(envelope.id);
  if (outgoing) {
    batch.items.push({ kind: "own_sent", outgoing });
    return false;
  }
  if (batch.commit?.id === to_base64url(envelope.id)) return take_own_commit(batch);
  if (!batch.group) return false;
  if (!envelope.body) {
    batch.note("expired");
    if (envelope.kind === "commit") batch.cursor.behind = true;
    return false;
  }
  return take_others(batch, envelope, envelope.body);
}

/** @param {EnvelopeBatch} batch */
async function take_own_commit(batch) {
  const group = await batch.device.groups.get_pending(batch.cursor.mailbox);
  if (!group) return false;
  const { cursor } = batch;
  batch.take_group(group);
  batch.commit = undefined;
  batch.items.push({ kind: "own_commit" });
  // Whoever joins anew can't compare what it made of the time before.
  if (cursor.behind) Object.assign(batch, { transcript: undefined });
  // A commit of a member does not show that the others were with it; one that joins starts from where they are.
  const refused = cursor.refused === "no" || cursor.behind ? "no" : "covered";
  Object.assign(cursor, { fresh: true, behind: false, refused });
  return true;
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope @param {Uint8Array} body */
async function take_others(batch, envelope, body) {
  const policy = new LeafPolicy(batch.device);
  let result;
  try {
    result = await process(batch.group, body, policy);
  } catch (error) {
    // Not a refusal: what this device needs to judge by is not to be had. It waits, as all others would.
    if (policy.failure) throw policy.failure;
    note_refused(batch, envelope, error);
    return false;
  }
  if (result.kind !== envelope.kind) {
    note_refused(batch, envelope, new Talk2meError("envelope_invalid"));
    return false;
  }
  batch.policies.push(policy);
  batch.take_group(result.group);
  note_agreement(batch);
  if (result.kind === "commit") note_commit(batch, result);
  if (result.kind === "application") await take_content(batch, envelope, result);
  if (result.kind === "proposal" && batch.conversation) batch.device.tasks.flush(batch.conversation.id);
  return result.kind === "commit";
}

/**
 * Someone else is in the same epoch: what this device refused they refused too. The group info that came with it can't be
 * joined by, so a commit has to replace it.
 * @param {EnvelopeBatch} batch
 */
function note_agreement({ cursor }) {
  if (cursor.refused === "yes") cursor.repair = true;
  cursor.refused = "no";
}

/** @param {EnvelopeBatch} batch @param {any} commit */
function note_commit(batch, { added, removed, self_removed }) {
  const own = batch.device.own.account;
  for (const { account } of added) {
    if (to_base64url(account) === own) batch.note("own_device_joined", { author: own });
  }
  if (self_removed) {
    batch.items.push({ kind: "removed" });
    return;
  }
  const { members } = describe(batch.group);
  for (const { account } of removed) {
    const stays = members.some((member) => equal(member.account, account));
    batch.note(stays ? "device_removed" : "left", { author: to_base64url(account) });
  }
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope @param {unknown} error */
function note_refused(batch, envelope, error) {
  const { cursor } = batch;
  const is_ahead = is_talk2me_error(error, "not_decryptable") && error.details.reason === "epoch_ahead";
  // Others went on from a commit that this device refused: it alone fell out, and comes back by itself.
  if (is_ahead || (cursor.refused !== "no" && is_talk2me_error(error, "not_decryptable"))) cursor.behind = true;
  if (envelope.kind === "commit" && !is_ahead) {
    cursor.refused = "yes";
    batch.note("commit_refused");
  } else batch.note("undecryptable");
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope @param {{ sender: any, plain: Uint8Array }} message */
async function take_content(batch, envelope, { sender, plain }) {
  const mailbox = from_base64url(batch.cursor.mailbox);
  let content;
  try {
    content = await decode_content(plain, mailbox, envelope.commitment ?? new Uint8Array(0));
  } catch {
    batch.note("undecryptable");
    return;
  }
  const seen = batch.transcript ? compare_seen(batch.transcript, content.seen) : "unknown";
  if (seen === "differs" && !batch.cursor.differs) batch.note("history_differs", { alert: true });
  if (seen !== "unknown") batch.cursor.differs = seen === "differs";
  const [author, device] = [to_base64url(sender.account), to_base64url(sender.device)];
  batch.items.push({ kind: "content", author, device, content });
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope @param {boolean} began_epoch */
async function follow(batch, envelope, began_epoch) {
  const { sequence, id, kind, body, hash } = envelope;
  if (began_epoch) {
    const start = await start_transcript(describe(batch.group).confirmed_transcript_hash);
    batch.transcript = extend_or_begin(batch, sequence, start);
    return;
  }
  if (!batch.transcript || !is_kind(kind)) return;
  const body_hash = body ? await sha256(body) : /** @type {Uint8Array} */ (hash);
  const next = await next_transcript(last_hash(batch.transcript), { sequence, id, kind, body_hash });
  batch.transcript = extend_transcript(batch.transcript, sequence, next);
}

/** @param {EnvelopeBatch} batch @param {number} sequence @param {any} hash */
function extend_or_begin({ transcript }, sequence, hash) {
  return transcript ? extend_transcript(transcript, sequence, hash) : { sequence, hashes: hash };
}

/** @param {string} kind @returns {kind is "application" | "commit" | "proposal"} */
function is_kind(kind) {
  return kind === "application" || kind === "commit" || kind === "proposal";
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope */
async function check_subscribers(batch, { subscribers }) {
  if (!batch.group || !subscribers) return;
  const { members, removed } = describe(batch.group);
  if (removed) return;
  const matches = same_devices(members, subscribers) || (await same_active_devices(batch.device, members, subscribers));
  // It can't be known now; the next commit is compared again.
  if (matches === null) return;
  if (!matches && !batch.cursor.repair) batch.note("subscribers_differ", { alert: true });
  batch.cursor.repair = !matches;
}

/**
 * A device that was removed from its account may still have a leaf, but no subscription: ask before raising an alarm.
 * @param {Device} device
 * @param {ReturnType<typeof describe>["members"]} members
 * @param {Bytes[]} subscribers
 * @returns {Promise<boolean | null>}
 */
async function same_active_devices(device, members, subscribers) {
  const missing = members.filter((member) => !subscribers.some((subscriber) => equal(subscriber, member.device)));
  try {
    for (const account of new Set(missing.map((member) => to_base64url(member.account)))) await refresh_contact(device, account);
  } catch {
    return null;
  }
  return same_devices(await active_members(device.store, members), subscribers);
}
