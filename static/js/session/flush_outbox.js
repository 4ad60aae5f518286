// @ts-check
// Sends what waits in a conversation's outbox: first the group is brought in order, then contents are encrypted, stored, and
// sent, in that order and in the order in which they were written.
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { choose_mailbox } from "./choose_mailbox.js";
import { settle_commit } from "./commit_change.js";
import { create_direct_group } from "./create_direct_group.js";
import { encrypt_waiting, goes_to } from "./encrypt_waiting.js";
import { bring_in_order } from "./bring_in_order.js";
import { compare_before_sending } from "./find_rollback.js";
import { drain, mailbox_lock } from "./receive_envelopes.js";
import { outgoing_prefix } from "./records.js";
import { owes_receipts } from "./messages/owed_receipts.js";
import { who_may_be_sent_to } from "./key_log/may_send.js";
import { freshen_people, others_in } from "./groups/group_people.js";
import { has_leaving, tend_group } from "./groups/tend_group.js";
import { refresh_contact } from "./refresh_contact.js";
import { note_accepted, note_failed, note_stale } from "./note_sent.js";
import { wants_back } from "./note_put_out.js";

/** @import { Device } from "./device.js" */
/** @import { Conversation, Outgoing } from "./records.js" */

// Each round either sends something or finds the group changed by others.
const ROUNDS = 12;
const RETRY = 5_000;
// After these the same bytes are sent again, later; `group_unread`: once somebody else has taken out who asked to be.
const LATER = new Set(["group_unread", "storage_failed", "rate_limited", "quota_reached", "internal", "answer_invalid"]);
// A person has to see that it does not go.
const FINAL = new Set([
  "claim_refused",
  "no_key_package",
  "key_package_invalid",
  "suite_unsupported",
  "group_refused",
  "group_missing",
]);
const UNREACHABLE = new Set(["offline", "timed_out", "hello_required"]);

/** @param {Device} device @param {string} conversation */
export function flush_outbox(device, conversation) {
  return device.mutexes.run(`outbox/${conversation}`, async () => {
    try {
      for (let round = 0; round < ROUNDS && device.online; round += 1) {
        if (!(await flush_round(device, conversation))) return;
      }
      // Others were faster every time: what waits is not left lying until something else happens.
      if (device.online) device.tasks.flush(conversation, RETRY);
    } catch (error) {
      await handle_failure(device, conversation, error);
    }
  });
}

/** @param {Device} device @param {string} id @returns {Promise<boolean>} whether there may be more to do */
async function flush_round(device, id) {
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", id);
  if (!conversation) return false;
  if (conversation.state !== "active" && !conversation.group?.leaving) return false;
  if (!(await needs_sending(device, conversation))) return tend_group(device, conversation);
  const people = await freshen_people(device, conversation);
  // What waits is looked at again when the log stands otherwise.
  if (!people.every(await who_may_be_sent_to(device.store, device.now()))) return false;
  const mailbox = choose_mailbox(conversation.mailboxes) ?? (await begin_again(device, conversation));
  if (!mailbox) return false;
  const sent = await device.mutexes.run(mailbox_lock(mailbox), async () => {
    // The look at the chains may have stopped it, and the person may have declined or taken another identity meanwhile.
    if (!goes_to(await device.store.get("conversations", id), mailbox)) return [];
    await compare_before_sending(device, mailbox);
    if ((await settle_commit(device, mailbox)) === "lost") return null;
    if ((await device.store.get("cursors", mailbox)).behind) {
      // It asks for a flush once it is done.
      device.tasks.rejoin(mailbox);
      return [];
    }
    if (!(await bring_in_order(device, mailbox))) return null;
    return encrypt_waiting(device, id, mailbox);
  });
  if (sent === null) return true;
  if (sent.length === 0) return false;
  return send_all(device, sent);
}

/** Who has no group with a person any more begins another. @param {Device} device @param {Conversation} conversation */
async function begin_again(device, { kind, peer }) {
  return kind === "direct" ? create_direct_group(device, peer, null) : undefined;
}

/** @param {Device} device @param {Conversation} conversation */
async function needs_sending(device, conversation) {
  const { id, mailboxes, group } = conversation;
  if (owes_receipts(conversation) && mailboxes.length > 0) return true;
  if (group && (await has_leaving(device, id))) return true;
  const waiting = await device.store.list("outbox", { prefix: outgoing_prefix(id) });
  if (waiting.some(({ value }) => !value.accepted)) return true;
  const cursors = await Promise.all(mailboxes.map((mailbox) => device.store.get("cursors", mailbox)));
  const commits = await Promise.all(mailboxes.map((mailbox) => device.store.get("outbox", `c/${mailbox}`)));
  return cursors.some((cursor) => cursor?.repair || cursor?.behind) || commits.some(Boolean);
}

/**
 * @param {Device} device
 * @param {Outgoing[]} sent encrypted and stored
 * @returns {Promise<boolean>} whether some have to be encrypted again
 */
async function send_all(device, sent) {
  const answers = sent.map((outgoing) => device.request(to_frame(outgoing)));
  const outcomes = await Promise.allSettled(answers);
  let stale = "";
  let failure;
  for (const [at, outcome] of outcomes.entries()) {
    const outgoing = sent[at];
    if (outcome.status === "fulfilled") {
      await note_accepted(device, outgoing, outcome.value);
      continue;
    }
    const error = outcome.reason;
    const code = error instanceof Talk2meError ? error.code : "internal";
    if (code === "slot_stale") {
      await note_stale(device, outgoing);
      stale = /** @type {string} */ (outgoing.mailbox);
    } else if (code === "mailbox_unknown") await note_unknown(device, outgoing);
    else if (LATER.has(code) || UNREACHABLE.has(code)) failure = error;
    else await note_failed(device, outgoing, code);
  }
  if (failure) throw failure;
  if (stale) await device.mutexes.run(mailbox_lock(stale), () => drain(device, stale));
  return true;
}

/** The server does not have its mailbox for this device. @param {Device} device @param {Outgoing} outgoing */
async function note_unknown(device, outgoing) {
  const mailbox = /** @type {string} */ (outgoing.mailbox);
  if (await device.mutexes.run(mailbox_lock(mailbox), () => wants_back(device, mailbox))) await note_stale(device, outgoing);
  else await note_failed(device, outgoing, "mailbox_unknown");
}

/** @param {Outgoing} outgoing */
function to_frame({ type, mailbox, envelope, expires_in }) {
  const { id, slot, body, commitment } = /** @type {import("./records.js").Envelope} */ (envelope);
  return {
    type: "envelope.send",
    mailbox: from_base64url(/** @type {string} */ (mailbox)),
    id: from_base64url(id),
    kind: type === "leave" ? "proposal" : "application",
    slot,
    body,
    commitment,
    expires_in: expires_in ?? null,
  };
}

/**
 * Everything is stored. What is tried again by itself is what may come out otherwise; the rest is shown as failed.
 * @param {Device} device
 * @param {string} id
 * @param {unknown} error
 */
async function handle_failure(device, id, error) {
  if (!(error instanceof Talk2meError)) throw error;
  const { code, details } = error;
  if (UNREACHABLE.has(code) || LATER.has(code)) {
    // The next connection begins with it; while this one lasts it was only a part that failed.
    if (device.online) device.tasks.flush(id, Math.max(RETRY, Number(details.retry_after ?? 0) * 1000));
  } else if (code === "subscribers_invalid") {
    // A device was added or removed and this one has not heard of it.
    const conversation = await device.store.get("conversations", id);
    // An account that is gone keeps nobody from hearing of the others'.
    await Promise.allSettled([...others_in(device, conversation), device.own.account].map((account) => refresh_contact(device, account)));
    device.tasks.flush(id, RETRY);
  } else if (FINAL.has(code)) await fail_waiting(device, id, code);
  throw error;
}

/** @param {Device} device @param {string} id @param {string} code */
async function fail_waiting(device, id, code) {
  const rows = await device.store.list("outbox", { prefix: outgoing_prefix(id) });
  const texts = rows.map(({ value }) => value).filter(({ accepted, order }) => !accepted && order !== null);
  for (const outgoing of texts) await note_failed(device, outgoing, code);
}
