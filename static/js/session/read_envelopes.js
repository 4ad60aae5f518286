// @ts-check
// The form of what the server says a mailbox holds. Only what has it goes any further.
import { is_bytes } from "../codec/bytes.js";
import { is_integer } from "../codec/fields.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/**
 * @typedef {{ sequence: number, id: Bytes, kind: string, slot: number, body: Bytes | null, hash: Bytes | null,
 *   minute: number, commitment: Bytes | null, franking: Bytes | null, subscribers: Bytes[] | null }} Envelope
 * @typedef {{ head: number, slot: number, envelopes: Envelope[] }} Batch
 */

/**
 * @param {any} frame `envelope.batch` or `envelope.new`
 * @returns {Batch} in rising order
 * @throws {Talk2meError} `answer_invalid`
 */
export function read_batch(frame) {
  if (!is_integer(frame?.head) || !Array.isArray(frame.envelopes)) throw new Talk2meError("answer_invalid");
  /** @type {Envelope[]} */
  const envelopes = frame.envelopes.map(read_envelope);
  const rises = envelopes.every((envelope, at) => at === 0 || envelope.sequence > envelopes[at - 1].sequence);
  if (!rises) throw new Talk2meError("answer_invalid");
  return { head: frame.head, slot: is_integer(frame.slot) ? frame.slot : 0, envelopes };
}

/** @param {any} envelope @returns {Envelope} */
function read_envelope(envelope) {
  const { sequence, id, kind, slot, body, hash, minute, commitment, franking, subscribers } = envelope ?? {};
  const has_form =
    is_integer(sequence, 1) &&
    is_bytes(id, 16) &&
    typeof kind === "string" &&
    is_integer(slot) &&
    (body instanceof Uint8Array || is_bytes(hash, 32));
  if (!has_form) throw new Talk2meError("answer_invalid");
  return {
    sequence,
    id,
    kind,
    slot,
    body: body instanceof Uint8Array ? /** @type {Bytes} */ (body) : null,
    hash: is_bytes(hash, 32) ? hash : null,
    minute: is_integer(minute) ? minute : 0,
    commitment: is_bytes(commitment, 32) ? commitment : null,
    franking: is_bytes(franking, 32) ? franking : null,
    subscribers: Array.isArray(subscribers) ? subscribers.filter((device) => is_bytes(device, 16)) : null,
  };
}

/** @param {any} pushed an `envelope.new` @returns {Batch | null} null when it has to be asked for */
export function read_pushed(pushed) {
  try {
    return read_batch(pushed);
  } catch {
    return null;
  }
}
