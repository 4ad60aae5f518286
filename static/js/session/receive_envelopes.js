// @ts-check
// Reads a conversation's mailbox on: a batch is processed in order, stored in one transaction, then acknowledged. What
// is in it can be refused, but can't stop this: the loop only ends at the head or when the network or the storage fails.
import { from_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";
import { acknowledge } from "./acknowledge.js";
import { EnvelopeBatch } from "./envelope_batch.js";
import { process_envelope } from "./process_envelope.js";
import { read_batch, read_pushed } from "./read_envelopes.js";
import { store_batch } from "./store_batch.js";

/** @import { Device } from "./device.js" */
/** @import { Batch, Envelope } from "./read_envelopes.js" */
/** @import { Cursor } from "./records.js" */

const LIMIT = 128;

/** @param {string} mailbox */
export const mailbox_lock = (mailbox) => `mailbox/${mailbox}`;

/**
 * @param {Device} device
 * @param {string} mailbox
 * @param {any} [pushed] an `envelope.new` that brought something
 */
export function receive_envelopes(device, mailbox, pushed) {
  return device.mutexes.run(mailbox_lock(mailbox), () => drain(device, mailbox, pushed));
}

/**
 * The same, for who holds the mailbox's lock already.
 * @param {Device} device
 * @param {string} mailbox
 * @param {any} [pushed]
 * @throws {Talk2meError} `offline`, `storage_full`, ...: nothing of the present batch was stored, or all up to where it got
 */
export async function drain(device, mailbox, pushed) {
  let batch = pushed ? read_pushed(pushed) : null;
  for (;;) {
    /** @type {Cursor | undefined} */
    const cursor = await device.store.get("cursors", mailbox);
    if (!cursor) return;
    if (batch && batch.head <= cursor.sequence) return;
    if (!batch || !continues(batch, cursor.sequence)) batch = await ask(device, mailbox, cursor.sequence);
    const envelopes = batch.envelopes.filter(({ sequence }) => sequence > cursor.sequence);
    if (envelopes.length === 0) {
      await note_slot(device, cursor, batch);
      return;
    }
    const processed = await process_batch(device, cursor, envelopes);
    acknowledge(device, mailbox, processed);
    if (processed >= batch.head) return;
    batch = null;
  }
}

/** @param {Device} device @param {string} mailbox @param {number} after @returns {Promise<Batch>} */
async function ask(device, mailbox, after) {
  return read_batch(
    await device.request({ type: "envelope.drain", mailbox: from_base64url(mailbox), after, limit: LIMIT }),
  );
}

/**
 * With nothing new to read, the server's word for the slot is all there is.
 * @param {Device} device
 * @param {Cursor} cursor
 * @param {Batch} batch
 */
async function note_slot(device, cursor, { head, slot }) {
  // Slots only grow; of a subscription that has ended none is told.
  if (head !== cursor.sequence || slot <= cursor.slot) return;
  await device.store.transaction((changes) => changes.put("cursors", cursor.mailbox, { ...cursor, slot }));
}

/** @param {Batch} batch @param {number} sequence */
function continues({ envelopes }, sequence) {
  return envelopes.some((envelope) => envelope.sequence === sequence + 1);
}

/** @param {Device} device @param {Cursor} cursor @param {Envelope[]} envelopes @returns {Promise<number>} how far it got */
async function process_batch(device, cursor, envelopes) {
  const batch = await EnvelopeBatch.begin(device, cursor);
  let failure;
  for (const envelope of envelopes) {
    try {
      await process_envelope(batch, envelope);
    } catch (error) {
      // Something needed to judge it could not be had now: all before it counts, this one is asked for again.
      failure = error;
      break;
    }
  }
  await store_batch(batch);
  if (failure) throw failure instanceof Talk2meError ? failure : new Talk2meError("internal");
  return batch.cursor.sequence;
}
