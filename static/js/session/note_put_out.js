// @ts-check
// The server does not have this device in a mailbox any more. One member can bring that about by a commit that all others refuse; then a
// commit of this device puts the list right. Where the server takes none from it either, a direct conversation goes on in another group,
// and a group stops. Everything here wants the mailbox's lock held.
import { from_base64url } from "../codec/base64url.js";
import { is_talk2me_error } from "../errors.js";
import { tell_conversation } from "./conversation_log.js";
import { find_subscription } from "./list_mailboxes.js";
import { pause } from "./pause.js";
import { drain, receive_envelopes } from "./receive_envelopes.js";
import { outgoing_prefix } from "./records.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation, Cursor, Outgoing } from "./records.js" */

// All who were put out see it at the same moment, and one of them is first: milliseconds.
const WAITS_FOR_OTHERS = [500, 1_500, 3_000];
const FIRST_LOOK = 5_000;
const LONGEST_LOOK = 300_000;

/**
 * An envelope was not taken: reads why.
 * @param {Device} device
 * @param {string} mailbox
 * @returns {Promise<boolean>} whether this device belongs there by what it has read, and is going to commit; false when it was removed
 * @throws {Talk2meError} when nothing can be reached or stored
 */
export async function wants_back(device, mailbox) {
  if (!(await belongs(device, mailbox))) return false;
  await device.store.transaction((changes) =>
    changes.update("cursors", mailbox, (/** @type {Cursor} */ cursor) => {
      cursor.repair = true;
    }),
  );
  return true;
}

/**
 * A commit was not taken: the server lets this device in no more, unless another puts it back at the same moment.
 * @param {Device} device
 * @param {string} mailbox
 * @returns {Promise<boolean>} whether it is in again
 */
export async function note_put_out(device, mailbox) {
  if (!(await belongs(device, mailbox))) return false;
  const { conversation: id } = await device.store.get("cursors", mailbox);
  const { kind } = await device.store.get("conversations", id);
  for (const wait of kind === "group" ? WAITS_FOR_OTHERS : []) {
    await pause(wait);
    if ((await find_subscription(device, from_base64url(mailbox)))?.last === null) {
      await drain(device, mailbox);
      return true;
    }
  }
  const waiting = await device.store.list("outbox", { prefix: outgoing_prefix(id) });
  await device.store.transaction(async (changes) => {
    for (const { id: key } of waiting) await encrypt_anew(changes, key, mailbox);
    await changes.update("conversations", id, (/** @type {Conversation} */ conversation) => {
      if (conversation.kind === "group") Object.assign(conversation, { state: "stopped", stopped: "mailbox_unknown", before_stop: "active", receipts_due: [] });
      else conversation.mailboxes = conversation.mailboxes.filter((other) => other !== mailbox);
    });
    tell_conversation(changes, device, id);
    // What waits in a direct conversation begins another group.
    changes.after(() => (kind === "group" ? look_again(device, mailbox, FIRST_LOOK) : device.tasks.flush(id)));
  });
  return false;
}

/** Nobody tells a device that it is there again before something comes. @param {Device} device @param {string} mailbox @param {number} wait */
function look_again(device, mailbox, wait) {
  device.later(wait, async () => {
    /** @type {Conversation | undefined} */
    const conversation = await device.store.get("conversations", mailbox);
    // The next connection reads by itself.
    if (!device.online || conversation?.stopped !== "mailbox_unknown") return;
    look_again(device, mailbox, Math.min(2 * wait, LONGEST_LOOK));
    await receive_envelopes(device, mailbox);
  });
}

/** Whether it was removed is in what it may still read. @param {Device} device @param {string} mailbox */
async function belongs(device, mailbox) {
  try {
    await drain(device, mailbox);
  } catch (error) {
    if (!is_talk2me_error(error, "mailbox_unknown")) throw error;
  }
  /** @type {Cursor | undefined} */
  const cursor = await device.store.get("cursors", mailbox);
  if (!cursor || !(await device.groups.find(mailbox))) return false;
  /** @type {Conversation | undefined} */
  const conversation = await device.store.get("conversations", cursor.conversation);
  return conversation?.state === "active" && conversation.mailboxes.includes(mailbox);
}

/** @param {Changes} changes @param {string} key @param {string} mailbox */
async function encrypt_anew(changes, key, mailbox) {
  await changes.update("outbox", key, (/** @type {Outgoing} */ outgoing) => {
    if (outgoing.mailbox === mailbox && !outgoing.accepted) Object.assign(outgoing, { envelope: null, mailbox: null });
  });
}
