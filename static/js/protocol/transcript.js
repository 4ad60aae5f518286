// @ts-check
// docs/protocol.md 9: a hash over everything a mailbox gave, so that a server which tells two people different things is
// caught by the next message that gets through.
import { u64 } from "../codec/bytes.js";
import { sha256 } from "../crypto/hash.js";
import { label } from "./labels.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {"application" | "commit" | "proposal"} EnvelopeKind */

/** @type {Record<EnvelopeKind, number>} */
const KINDS = { application: 1, commit: 2, proposal: 3 };

/**
 * After an accepted commit, at its sequence.
 * @param {Uint8Array} confirmed_transcript_hash of the epoch it began (RFC 9420 section 8.2)
 * @returns {Promise<Bytes>} 32 bytes
 */
export async function start(confirmed_transcript_hash) {
  return sha256(label("transcript"), confirmed_transcript_hash);
}

/**
 * After any other stored envelope, refused ones too.
 * @param {Uint8Array} transcript
 * @param {{ sequence: number, id: Uint8Array, kind: EnvelopeKind, body_hash: Uint8Array }} envelope `body_hash` is the
 *   SHA-256 of the body
 * @returns {Promise<Bytes>} 32 bytes
 */
export async function next(transcript, { sequence, id, kind, body_hash }) {
  return sha256(transcript, u64(sequence), id, Uint8Array.of(KINDS[kind]), body_hash);
}
