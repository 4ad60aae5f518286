// @ts-check
// One envelope of a conversation's mailbox. Whatever it is, the cursor and the transcript move on; nothing of an envelope that
// is refused stays behind but a notice.
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { sha256 } from "../crypto/hash.js";
import { describe } from "../protocol/mls.js";
import { next as next_transcript, start as start_transcript } from "../protocol/transcript.js";
import { check_subscribers } from "./check_subscribers.js";
import { extend_transcript, last_hash } from "./follow_transcript.js";
import { note_own_group_commit } from "./groups/note_group_commit.js";
import { take_state } from "./groups/take_state.js";
import { find_subscription } from "./list_mailboxes.js";
import { forget_named } from "./named_devices.js";
import { process_others } from "./process_others.js";
import { is_restored_mark } from "./restored_mark.js";

/** @import { EnvelopeBatch } from "./envelope_batch.js" */
/** @import { Envelope } from "./read_envelopes.js" */

// After an envelope that no conversation can hold: nobody who was shown something else there agrees with that.
const NOWHERE = new Uint8Array(32);

/**
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope behind the batch's cursor
 * @throws {Talk2meError} only when the network or the storage failed; the batch is then as before
 */
export async function process_envelope(batch, envelope) {
  const { cursor } = batch;
  const is_mark = await is_restored_mark(envelope);
  const gap = is_mark ? "server_restored" : await judge_gap(batch, envelope);
  const { behind } = cursor;
  // Whoever was put out and let in again, or waited for no longer, has missed what the group did meanwhile.
  if (gap === "gap") {
    miss(cursor);
    Object.assign(batch, { transcript: undefined });
  }
  const at = batch.items.length;
  let began_epoch;
  try {
    began_epoch = is_mark ? false : await take(batch, envelope);
  } catch (error) {
    cursor.behind = behind;
    throw error;
  }
  if (gap) batch.items.splice(at, 0, { kind: "notice", code: gap, alert: gap !== "gap" });
  await follow(batch, envelope, began_epoch);
  if (envelope.kind === "commit") await check_subscribers(batch, envelope, began_epoch);
  // What the server knows of the group may be older than the group is, and others may have gone on from a commit that it has lost.
  if (is_mark && batch.group) Object.assign(cursor, { repair: true, refused: "covered" });
  cursor.sequence = envelope.sequence;
  cursor.slot = envelope.slot;
}

/**
 * Numbers may be missing: because this device was put out and let in again meanwhile, or was away for so long that the full
 * mailbox waited for it no longer, both of which the server says; or because the server keeps something back.
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope
 * @returns {Promise<"gap" | "history_differs" | null>}
 */
async function judge_gap({ device, cursor, transcript }, { sequence }) {
  if (sequence === cursor.sequence + 1 || !transcript) return null;
  const subscription = await find_subscription(device, from_base64url(cursor.mailbox));
  return subscription && subscription.first >= sequence ? "gap" : "history_differs";
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope @returns {Promise<boolean>} whether it was an accepted commit */
async function take(batch, envelope) {
  const outgoing = batch.own_outgoing(envelope.id);
  if (outgoing) {
    batch.items.push({ kind: "own_sent", outgoing, sequence: envelope.sequence });
    if (outgoing.type === "state") await take_state(batch, batch.device.own.account, outgoing.body);
    return false;
  }
  if (batch.commit?.id === to_base64url(envelope.id)) return take_own_commit(batch, envelope);
  if (!batch.group) return false;
  if (!envelope.body) {
    batch.note("expired");
    if (envelope.kind === "commit") miss(batch.cursor);
    return false;
  }
  return process_others(batch, envelope, envelope.body);
}

/** It is certain that something is missing. @param {EnvelopeBatch["cursor"]} cursor */
function miss(cursor) {
  cursor.behind = true;
  delete cursor.led;
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope */
async function take_own_commit(batch, { slot, sequence }) {
  const group = await batch.device.groups.get_pending(batch.cursor.mailbox);
  if (!group) return false;
  const { cursor, commit, group: before } = batch;
  batch.commit = undefined;
  if (commit && slot > commit.slot + 1 && !follows(batch, group)) {
    batch.items.push({ kind: "own_late" });
    cursor.repair = true;
    return false;
  }
  batch.take_group(group);
  batch.items.push({ kind: "own_commit", sequence });
  forget_named(cursor, describe(group));
  if (batch.record) await note_own_group_commit(batch, before, { create: commit?.create === true });
  // Whoever joins anew can't compare what it made of the time before.
  if (cursor.behind) {
    Object.assign(batch, { transcript: undefined });
    cursor.joined = slot;
  }
  // A commit of a member does not show that the others were with it; one that joins starts from where they are.
  const refused = cursor.refused === "no" || cursor.behind ? "no" : "covered";
  Object.assign(cursor, { fresh: true, behind: false, refused, spent: 0 });
  delete cursor.led;
  return true;
}

/**
 * A device that was put out commits without having read what came after: if others went on meanwhile, its own commit is of the past.
 * @param {EnvelopeBatch} batch
 * @param {any} pending
 */
function follows({ cursor, group }, pending) {
  if (cursor.behind || !group) return false;
  const { epoch, removed } = describe(group);
  return !removed && describe(pending).epoch === epoch + 1;
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope @param {boolean} began_epoch */
async function follow(batch, envelope, began_epoch) {
  const { sequence, id, kind, body, hash } = envelope;
  if (began_epoch) {
    const start = await start_transcript(describe(batch.group).confirmed_transcript_hash);
    batch.transcript = extend_or_begin(batch, sequence, start);
    return;
  }
  if (!batch.transcript) return;
  if (!is_kind(kind)) {
    batch.transcript = extend_transcript(batch.transcript, sequence, NOWHERE);
    return;
  }
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
