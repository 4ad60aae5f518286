// @ts-check
// This device's view of a mailbox's history, and the comparison with what others tell of theirs (docs/protocol.md 9). Pure.
import { concat, equal } from "../codec/bytes.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Transcript } from "./records.js" */

const HASH = 32;
// Others are compared with as far back as this many envelopes.
const KEPT = 256;

/** @param {number} sequence @param {Bytes} hash @returns {Transcript} */
export function begin_transcript(sequence, hash) {
  return { sequence, hashes: hash };
}

/** @param {Transcript} transcript @returns {Bytes} at its last sequence */
export function last_hash({ hashes }) {
  return hashes.slice(-HASH);
}

/**
 * @param {Transcript} transcript
 * @param {number} sequence the next one; after a gap nothing before it can be compared any more
 * @param {Bytes} hash
 * @returns {Transcript}
 */
export function extend_transcript(transcript, sequence, hash) {
  if (sequence !== transcript.sequence + 1) return begin_transcript(sequence, hash);
  return { sequence, hashes: concat(transcript.hashes.slice(-HASH * (KEPT - 1)), hash) };
}

/**
 * Compares what a message says that its sender had seen.
 * @param {Transcript} transcript up to the envelope before the message
 * @param {{ sequence: number, transcript: Uint8Array }} seen
 * @returns {"same" | "differs" | "unknown"} `unknown`: before this device's time
 */
export function compare_seen({ sequence, hashes }, seen) {
  // Nobody can have seen what comes after the envelope that they then sent.
  if (seen.sequence > sequence) return "differs";
  const end = hashes.length - HASH * (sequence - seen.sequence);
  if (end < HASH) return "unknown";
  return equal(hashes.subarray(end - HASH, end), seen.transcript) ? "same" : "differs";
}
