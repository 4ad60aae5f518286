// @ts-check
// An envelope of another device: judged by the group, taken or refused.
import { equal } from "../codec/bytes.js";
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { decode_content } from "../protocol/content.js";
import { describe, process } from "../protocol/mls.js";
import { LeafPolicy } from "./check_leaves.js";
import { compare_seen } from "./follow_transcript.js";

/** @import { EnvelopeBatch } from "./envelope_batch.js" */
/** @import { Envelope } from "./read_envelopes.js" */

/**
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope
 * @param {Uint8Array} body
 * @returns {Promise<boolean>} whether it was a commit that was accepted
 * @throws {Talk2meError} what kept this device from judging; nothing has changed then
 */
export async function process_others(batch, envelope, body) {
  const policy = new LeafPolicy(batch.device);
  let result;
  try {
    result = await process(batch.group, body, policy);
  } catch (error) {
    // Not a refusal: what this device needs to judge by is not to be had. It waits, as all others would.
    if (policy.failure) throw policy.failure;
    if (is_talk2me_error(error, "not_decryptable") && error.details.reason === "own_leaf") note_copy(batch, envelope);
    else note_refused(batch, envelope, error);
    return false;
  }
  if (result.kind === "commit" && is_own_device(batch, result.committer)) {
    note_copy(batch, envelope);
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
 * Only this device's keys can have made it, and this browser did not: it has been put back to an earlier state, or a copy of it is
 * at work. Either way the keys that it has may have been used: it joins anew, which puts the other one out.
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope
 */
function note_copy(batch, { sequence }) {
  const { cursor } = batch;
  if (!cursor.spent) batch.note("clone_found", { author: batch.device.own.account, alert: true });
  cursor.behind = true;
  cursor.spent = Math.max(cursor.spent ?? 0, sequence);
}

/** @param {EnvelopeBatch} batch @param {{ account: Uint8Array, device: Uint8Array }} committer */
function is_own_device({ device }, committer) {
  return to_base64url(committer.account) === device.own.account && to_base64url(committer.device) === device.own.device;
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
