// @ts-check
// What a person answers to a request of someone new.
import { from_base64url } from "../codec/base64url.js";
import { is_talk2me_error, Talk2meError } from "../errors.js";
import { tell_conversation } from "./conversation_log.js";
import { mark_vault } from "./vault/keep_vault.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation } from "./records.js" */

/** @param {Device} device @param {{ conversation: string }} wish @throws {Talk2meError} `not_found` */
export async function accept_request(device, { conversation: id }) {
  await device.store.transaction(async (changes) => {
    const conversation = await changes.get("conversations", id);
    if (!conversation) throw new Talk2meError("not_found");
    await accept_in(changes, device, conversation);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
  // From now on receipts may go out, also for what came before.
  device.tasks.flush(id);
}

/**
 * Whoever answers has accepted.
 * @param {Changes} changes
 * @param {Device} device
 * @param {Conversation} conversation altered in place
 */
export async function accept_in(changes, device, conversation) {
  if (conversation.state !== "request" && conversation.state !== "declined") return;
  conversation.state = "active";
  conversation.state_time = device.now();
  if (conversation.group) await come_back(changes, device, conversation);
  await mark_vault(changes, device);
}

/**
 * A group that was declined is the same one: this device enters it again by itself. With a person alone another is begun.
 * @param {Changes} changes @param {Device} device @param {Conversation} conversation altered in place
 */
async function come_back(changes, device, conversation) {
  const { id, mailboxes, left = [] } = conversation;
  if (mailboxes.includes(id) || !left.includes(id)) return;
  Object.assign(conversation, { mailboxes: [id], left: [] });
  await changes.update("cursors", id, (cursor) => (cursor.behind = true));
  changes.after(() => device.tasks.rejoin(id));
}

/**
 * Ends this device's own subscription; the other side is told nothing.
 * @param {Device} device
 * @param {{ conversation: string }} wish
 */
export async function decline_request(device, { conversation: id }) {
  /** @type {string[]} */
  const mailboxes = await device.store.transaction(async (changes) => {
    /** @type {Conversation | undefined} */
    const conversation = await changes.get("conversations", id);
    if (!conversation) throw new Talk2meError("not_found");
    const left = conversation.mailboxes;
    const state_time = device.now();
    Object.assign(conversation, { state: "declined", state_time, mailboxes: [], left, receipts_due: [], reads_due: [], unread: 0 });
    changes.put("conversations", id, conversation);
    await mark_vault(changes, device);
    tell_conversation(changes, device, id);
    return left;
  });
  for (const mailbox of mailboxes) {
    try {
      await device.request({ type: "subscription.end", mailbox: from_base64url(mailbox) });
    } catch (error) {
      if (!is_talk2me_error(error)) throw error;
      // Not reachable now: what still comes is read and not shown as a request again.
    }
  }
}
