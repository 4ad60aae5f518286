// @ts-check
// What the server answered to an envelope of ours. The envelope itself comes back in the mailbox's order; only then is it
// forgotten.
import { set_status, tell_conversation } from "./conversation_log.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation, Message, Outgoing } from "./records.js" */

/** @param {Device} device @param {Outgoing} outgoing */
export async function note_accepted(device, outgoing) {
  await change(device, outgoing, "stored", undefined, (changes) =>
    changes.put("outbox", outgoing.key, { ...outgoing, accepted: true }),
  );
}

/**
 * It named too old a slot: to be encrypted again, under the same content id.
 * @param {Device} device
 * @param {Outgoing} outgoing
 */
export async function note_stale(device, outgoing) {
  await device.store.transaction(async (changes) => {
    if (!(await is_present(changes, outgoing))) return;
    changes.put("outbox", outgoing.key, { ...outgoing, envelope: null, mailbox: null });
  });
}

/** @param {Device} device @param {Outgoing} outgoing @param {string} code */
export async function note_failed(device, outgoing, code) {
  await change(device, outgoing, "failed", code, (changes) => changes.delete("outbox", outgoing.key));
}

/**
 * An answer is about one envelope. What was encrypted anew meanwhile, or has come back already, is none of its business.
 * @param {Changes} changes
 * @param {Outgoing} outgoing
 */
async function is_present(changes, { key, envelope }) {
  /** @type {Outgoing | undefined} */
  const stored = await changes.get("outbox", key);
  return stored !== undefined && stored.envelope?.id === envelope?.id;
}

/**
 * @param {Device} device
 * @param {Outgoing} outgoing
 * @param {Message["status"]} status
 * @param {string | undefined} error
 * @param {(changes: Changes) => void} more
 */
async function change(device, outgoing, status, error, more) {
  const { conversation: id, order } = outgoing;
  await device.store.transaction(async (changes) => {
    if (!(await is_present(changes, outgoing))) return;
    more(changes);
    if (order === null) return;
    /** @type {Conversation} */
    const conversation = await changes.get("conversations", id);
    await set_status(changes, conversation, order, status, error);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
}
