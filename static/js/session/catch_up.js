// @ts-check
// What happens each time the socket is there again: first everything that came meanwhile, in order, then what waits to leave.
import { from_base64url } from "../codec/base64url.js";
import { is_talk2me_error } from "../errors.js";
import { acknowledge } from "./acknowledge.js";
import { keep_vault } from "./keep_vault.js";
import { list_mailboxes } from "./list_mailboxes.js";
import { publish_key_packages } from "./publish_key_packages.js";
import { receive_device_mailbox } from "./receive_device_mailbox.js";
import { receive_envelopes } from "./receive_envelopes.js";
import { refresh_all_contacts } from "./refresh_all_contacts.js";

/** @import { Device } from "./device.js" */
/** @import { Subscription } from "./list_mailboxes.js" */
/** @import { Conversation, Cursor } from "./records.js" */

const RETRY = 5_000;

/** @param {Device} device */
export async function catch_up(device) {
  await step(device, () => receive_device_mailbox(device));
  await step(device, () => receive_all(device));
  await step(device, () => rejoin_all(device));
  await step(device, () => flush_all(device));
  await step(device, () => keep_vault(device));
  await step(device, () => publish_key_packages(device));
  await step(device, () => refresh_all_contacts(device));
}

/**
 * One step that fails does not keep the next from being tried; all are tried again while the socket is up.
 * @param {Device} device
 * @param {() => Promise<unknown>} work
 */
async function step(device, work) {
  try {
    await work();
  } catch (error) {
    device.tell_failure(error);
    const is_passing = is_talk2me_error(error) && error.code !== "offline" && error.code !== "not_owner";
    if (is_passing) device.later(RETRY, async () => (device.online ? work() : undefined));
  }
}

/** @param {Device} device */
async function receive_all(device) {
  const subscriptions = await list_mailboxes(device);
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
async function flush_all(device) {
  const conversations = await device.store.list("conversations", { prefix: "" });
  for (const { id } of conversations) device.tasks.flush(id);
}
