// @ts-check
// docs/protocol.md 8: what stands inside an MLS application message.
import { concat } from "../codec/bytes.js";
import { pack, unpack } from "../codec/msgpack.js";
import { pad_with_length, unpad_with_length } from "../codec/padme.js";
import { Talk2meError } from "../errors.js";
import { read_content } from "./content_schema.js";
import { commitment_holds, make_commitment, OPENING_LENGTH } from "./franking.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Content, UnknownContent } from "./content_schema.js" */

// Above any reaction, receipt or few words with their head, checkpoint included: from outside they are alike (ATTACKS 23).
const LEAST = 512;
// As releases before 0.5 pad; still read.
const LEAST_BEFORE = 256;

/**
 * @param {Content} content
 * @param {Uint8Array} opening 32 random bytes, new for each content
 * @param {Uint8Array} mailbox
 * @returns {Promise<{ plain: Bytes, commitment: Bytes }>} `plain` goes to MLS, `commitment` into the frame
 * @throws {Talk2meError} `content_invalid` when no receiver would take it
 */
export async function encode_content({ type, id, time, seen, chain, checkpoint, body }, opening, mailbox) {
  const value = { v: 1, type, id, time, seen, chain, checkpoint, body };
  const { type: known } = read_content(value) ?? { type: "unknown" };
  if (known === "unknown" || opening.length !== OPENING_LENGTH) throw new Talk2meError("content_invalid");
  const content = pack_or_refuse(value);
  return {
    plain: pad_with_length(concat(opening, content), LEAST),
    commitment: await make_commitment(opening, mailbox, content),
  };
}

/**
 * @param {Uint8Array} plain as MLS gave it
 * @param {Uint8Array} mailbox where its envelope lay
 * @param {Uint8Array} commitment of its envelope
 * @returns {Promise<Content | UnknownContent>}
 * @throws {Talk2meError} `content_invalid`; `commitment_wrong` when the sender could deny it later
 */
export async function decode_content(plain, mailbox, commitment) {
  const { opening, content } = split_plain(plain);
  if (!(await commitment_holds(commitment, opening, mailbox, content))) throw new Talk2meError("commitment_wrong");
  const read = read_content(unpack_or_refuse(content));
  if (!read) throw new Talk2meError("content_invalid");
  return read;
}

/**
 * Takes apart what a report of abuse shows to an operator.
 * @param {Uint8Array} plain
 * @returns {{ opening: Bytes, content: Bytes }}
 * @throws {Talk2meError} `content_invalid`
 */
export function split_plain(plain) {
  try {
    const inner = unpad_with_length(plain, plain.length < LEAST ? LEAST_BEFORE : LEAST);
    if (inner.length > OPENING_LENGTH) {
      return { opening: inner.slice(0, OPENING_LENGTH), content: inner.slice(OPENING_LENGTH) };
    }
  } catch {
    // told below
  }
  throw new Talk2meError("content_invalid");
}

/** @param {unknown} value */
function pack_or_refuse(value) {
  const content = pack(value);
  unpack_or_refuse(content);
  return content;
}

/** @param {Uint8Array} content */
function unpack_or_refuse(content) {
  try {
    return unpack(content);
  } catch {
    throw new Talk2meError("content_invalid");
  }
}
