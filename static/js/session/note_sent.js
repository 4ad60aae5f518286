// @ts-check
// What the server answered to an envelope of ours. The envelope itself comes back in the mailbox's order; only then is it
// forgotten.
import { set_status, tell_conversation } from "./conversation_log.js";

/** @import { Changes } from "../store/changes.js" */
/** @import { Device } from "./device.js" */
/** @import { Conversation, Message, Outgoing } from "./records.js" */

/** @param {Device} device @param {Outgoing} outgoing */
export async function note_accepted(device, outgoing) {
  await change(device, outgoing, "stored", undefined, (changes) => changes.update("outbox", outgoing.key, accept));
}

/**
 * It named too old a slot: to be encrypted again, under the same content id.
 * @param {Device} device
 * @param {Outgoing} outgoing
 */
export async function note_stale(device, outgoing) {
  await device.store.transaction((changes) =>
    changes.update("outbox", outgoing.key, (stored) => Object.assign(stored, { envelope: null, mailbox: null })),
  );
}

/** @param {Device} device @param {Outgoing} outgoing @param {string} code */
export async function note_failed(device, outgoing, code) {
  await change(device, outgoing, "failed", code, async (changes) => changes.delete("outbox", outgoing.key));
}

/** @param {Outgoing} stored */
function accept(stored) {
  stored.accepted = true;
}

/**
 * @param {Device} device
 * @param {Outgoing} outgoing
 * @param {Message["status"]} status
 * @param {string | undefined} error
 * @param {(changes: Changes) => Promise<unknown>} more
 */
async function change(device, { conversation: id, order }, status, error, more) {
  await device.store.transaction(async (changes) => {
    await more(changes);
    if (order === null) return;
    /** @type {Conversation} */
    const conversation = await changes.get("conversations", id);
    await set_status(changes, conversation, order, status, error);
    changes.put("conversations", id, conversation);
    tell_conversation(changes, device, id);
  });
}
