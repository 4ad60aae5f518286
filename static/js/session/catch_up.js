// @ts-check
// What happens each time the socket is there again: first everything that came meanwhile, in order, then what waits to leave.
import { from_base64url } from "../codec/base64url.js";
import { acknowledge } from "./acknowledge.js";
import { follow_archive } from "./archive/follow_archive.js";
import { restore_archive } from "./archive/restore_archive.js";
import { delete_there } from "./files/forget_there.js";
import { upload_files } from "./files/upload_files.js";
import { compare_state } from "./find_rollback.js";
import { watch_log } from "./key_log/watch_log.js";
import { keep_vault } from "./vault/keep_vault.js";
import { list_mailboxes } from "./list_mailboxes.js";
import { settle_notes } from "./notes/settle_notes.js";
import { publish_key_packages } from "./publish_key_packages.js";
import { receive_device_mailbox } from "./receive_device_mailbox.js";
import { mailbox_lock, receive_envelopes } from "./receive_envelopes.js";
import { finish_revocation } from "./devices/revoke_devices.js";
import { try_until_done } from "./try_until_done.js";
import { watch_account } from "./devices/watch_account.js";

/** @import { Device } from "./device.js" */
/** @import { Subscription } from "./list_mailboxes.js" */
/** @import { Conversation, Cursor } from "./records.js" */

// Of a history that is not here yet: about a thousand messages.
const FIRST_PIECES = 8;

/** @param {Device} device */
export async function catch_up(device) {
  await try_until_done(device, () => receive_device_mailbox(device));
  await try_until_done(device, () => receive_all(device));
  device.emit("received");
  // What a person who has just come back wants to see; joining the conversations takes longer.
  await try_until_done(device, () => restore_archive(device, { pieces: FIRST_PIECES }));
  await try_until_done(device, () => rejoin_all(device));
  await try_until_done(device, () => finish_revocation(device));
  await try_until_done(device, () => flush_all(device));
  // Nobody waits for those: they take as long as the line needs.
  device.background(() => upload_files(device));
  device.background(() => try_until_done(device, () => delete_there(device)));
  await try_until_done(device, () => keep_vault(device, { look: true }));
  await try_until_done(device, () => settle_notes(device));
  await try_until_done(device, () => publish_key_packages(device));
  await try_until_done(device, () => watch_log(device));
  await try_until_done(device, () => watch_account(device));
  device.tasks.compare_log();
  // Last: a long history must not keep anybody waiting.
  await try_until_done(device, () => follow_archive(device));
}

/** @param {Device} device */
async function receive_all(device) {
  const subscriptions = await list_mailboxes(device);
  // Before anything is read that this device itself may have sent since.
  for (const subscription of subscriptions) {
    await device.mutexes.run(mailbox_lock(subscription.mailbox), () => compare_state(device, subscription));
  }
  const conversations = subscriptions.filter(({ kind }) => kind === "conversation");
  const outcomes = await Promise.allSettled(conversations.map((subscription) => receive_one(device, subscription)));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

/** @param {Device} device @param {Subscription} subscription */
async function receive_one(device, { mailbox, head, acknowledged }) {
  /** @type {Cursor | undefined} */
  const cursor = await device.store.get("cursors", mailbox);
  if (!cursor) return;
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", cursor.conversation);
  if (conversation?.state === "declined" && !conversation.mailboxes.includes(mailbox)) {
    await device.request({ type: "subscription.end", mailbox: from_base64url(mailbox) });
    return;
  }
  if (head > cursor.sequence) await receive_envelopes(device, mailbox);
  else if (acknowledged < cursor.sequence) acknowledge(device, mailbox, cursor.sequence);
}

/** A new device of the account is subscribed to nothing yet. @param {Device} device */
async function rejoin_all(device) {
  const cursors = await device.store.list("cursors", { prefix: "" });
  for (const { value } of cursors) if (value.behind) device.tasks.rejoin(value.mailbox);
}

/** @param {Device} device */
export async function flush_all(device) {
  const conversations = await device.store.list("conversations", { prefix: "" });
  for (const { id } of conversations) device.tasks.flush(id);
}
