// @ts-check
// An envelope of another device: judged by the group, taken or refused.
import { equal } from "../codec/bytes.js";
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { decode_content, split_plain } from "../protocol/content.js";
import { describe, process } from "../protocol/mls.js";
import { is_left_to_archive } from "./archive/left_to_archive.js";
import { LeafPolicy } from "./check_leaves.js";
import { compare_seen } from "./follow_transcript.js";
import { rules_in } from "./groups/group_rules_of.js";
import { note_group_commit } from "./groups/note_group_commit.js";
import { take_state } from "./groups/take_state.js";
import { forget_named, note_named } from "./named_devices.js";
import { take_late } from "./take_late.js";

/** @import { Named } from "../protocol/mls_process.js" */
/** @import { EnvelopeBatch } from "./envelope_batch.js" */
/** @import { Proof } from "./people/keep_proof.js" */
/** @import { Envelope } from "./read_envelopes.js" */

// What a member tried that only others may (docs/groups.md).
const REFUSALS = new Set(["refused_roles", "refused_rights", "refused_settings", "refused_add", "refused_remove"]);

/**
 * @param {EnvelopeBatch} batch
 * @param {Envelope} envelope
 * @param {Uint8Array} body
 * @returns {Promise<boolean>} whether it was a commit that was accepted
 * @throws {Talk2meError} what kept this device from judging; nothing has changed then
 */
export async function process_others(batch, envelope, body) {
  let policy = new LeafPolicy(batch.device, await rules_in(batch.record), { of_group: batch.record !== undefined });
  let result;
  try {
    result = await process(batch.group, body, policy);
  } catch (error) {
    // Not a refusal: what this device needs to judge by is not to be had. It waits, as all others would.
    if (policy.failure) throw policy.failure;
    const late = await take_late(batch, envelope, body, policy);
    if (late) ({ result, policy } = late);
    else if (is_talk2me_error(error, "not_decryptable") && error.details.reason === "own_leaf") note_copy(batch, envelope);
    else if (!(await is_left_to_archive(batch, envelope, error))) note_refused(batch, envelope, error);
    if (!late) return false;
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
  const before = batch.group;
  batch.take_group(result.group);
  note_agreement(batch);
  if (result.kind === "commit") forget_named(batch.cursor, { ...describe(result.group), committer: result.committer });
  if (result.kind === "commit" && batch.record) await note_group_commit(batch, before, result, policy);
  else if (result.kind === "commit") note_commit(batch, result);
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
  delete cursor.led;
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
    const author = to_base64url(account);
    const device_removed = author === own ? "own_device_removed" : "device_removed";
    batch.note(stays ? device_removed : "left", { author });
  }
}

/** @param {EnvelopeBatch} batch @param {Envelope} envelope @param {unknown} error */
function note_refused(batch, envelope, error) {
  const { cursor } = batch;
  const is_ahead = is_talk2me_error(error, "not_decryptable") && error.details.reason === "epoch_ahead";
  // Others went on from a commit that this device refused: it alone fell out, and comes back by itself. In a group somebody may only say
  // so; and as long as every commit was taken, nobody can be ahead.
  const may_be_ahead = is_ahead && (!batch.record || cursor.refused !== "no");
  if (may_be_ahead || (cursor.refused !== "no" && is_talk2me_error(error, "not_decryptable"))) fall_behind(cursor);
  if (envelope.kind === "commit" && !is_ahead) {
    cursor.refused = "yes";
    if (is_talk2me_error(error, "group_refused") && error.details.named) note_named(cursor, /** @type {Named} */ (error.details.named));
    const [code, more] = refusal_notice(error);
    batch.note(code, more);
    // All others have refused it too, and the server has what came with it.
    if (REFUSALS.has(code)) cursor.repair = true;
  } else batch.note("undecryptable");
}

/** @param {EnvelopeBatch["cursor"]} cursor */
function fall_behind(cursor) {
  if (!cursor.behind) cursor.led = true;
  cursor.behind = true;
}

/** @param {unknown} error @returns {[code: string, more: { author?: string }]} what was tried, and by whom, where that is known */
function refusal_notice(error) {
  const { reason, by } = is_talk2me_error(error, "group_refused") ? error.details : {};
  const author = by instanceof Uint8Array ? { author: to_base64url(by) } : {};
  return [typeof reason === "string" && REFUSALS.has(reason) ? reason : "commit_refused", author];
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
  const proof = proof_of(envelope, plain);
  batch.items.push({ kind: "content", author, device, sequence: envelope.sequence, content, ...(proof ? { proof } : {}) });
  if (content.type === "state") await take_state(batch, author, content.body);
}

/** @param {Envelope} envelope @param {Uint8Array} plain @returns {Proof | null} null where the server gave no tag with it */
function proof_of({ minute, commitment, franking }, plain) {
  return commitment && franking ? { minute, commitment, franking, ...split_plain(plain) } : null;
}
