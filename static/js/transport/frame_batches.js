// @ts-check
// Several frames travel in one message; this decides which (docs/wire_format.md 3).
import { concat } from "../codec/bytes.js";
import { pack } from "../codec/msgpack.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */

const MOST_FRAMES = 64;
const MOST_BYTES = 1_572_864;
// The array's own header takes at most 3 bytes.
const HEADER = 3;

/**
 * @param {Record<string, unknown>} frame
 * @returns {Bytes}
 * @throws {Talk2meError} `too_large`: it fits in no message
 */
export function pack_frame(frame) {
  const packed = pack(frame);
  if (packed.length > MOST_BYTES - HEADER) throw new Talk2meError("too_large");
  return packed;
}

/**
 * @param {Bytes[]} frames packed, in order
 * @returns {Bytes[]} messages
 */
export function batch_frames(frames) {
  /** @type {Bytes[][]} */
  const batches = [];
  let room = 0;
  for (const frame of frames) {
    const open = batches.at(-1);
    if (open && open.length < MOST_FRAMES && frame.length <= room) open.push(frame);
    else {
      batches.push([frame]);
      room = MOST_BYTES - HEADER;
    }
    room -= frame.length;
  }
  return batches.map((batch) => concat(array_header(batch.length), ...batch));
}

/** @param {number} length @returns {Bytes} MessagePack's header of an array of that many items */
function array_header(length) {
  return length < 16 ? Uint8Array.of(0x90 | length) : Uint8Array.of(0xdc, length >> 8, length & 0xff);
}
