// @ts-check
// docs/protocol.md 6: what the QR code says, for the other person's device to compare.
import { concat, equal, read_u64, to_utf8, u64 } from "../codec/bytes.js";
import { from_base64url, to_base64url } from "../codec/base64url.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Side } from "./safety_number.js" */
/**
 * @typedef {{ size: number, root: Uint8Array, signature: Uint8Array }} LogHead of the key log, signed by it; size 0 and zeros while
 *   there is none
 */
/** @typedef {{ account: Bytes, identity_key: Bytes }} ReadSide */
/** @typedef {{ mine: ReadSide, theirs: ReadSide, log: { size: number, root: Bytes, signature: Bytes } }} VerificationCode as its maker sees it */

const START = concat(to_utf8("T2M1"), Uint8Array.of(2));
const LENGTH = START.length + 2 * (16 + 32) + 8 + 32 + 64;
const NO_LOG = { size: 0, root: new Uint8Array(32), signature: new Uint8Array(64) };

/**
 * @param {Side} mine
 * @param {Side} theirs
 * @param {LogHead} [log]
 * @returns {string} 274 characters of base64url
 */
export function make_verification_code(mine, theirs, log = NO_LOG) {
  const sides = concat(mine.account, mine.identity_key, theirs.account, theirs.identity_key);
  return to_base64url(concat(START, sides, u64(log.size), log.root, log.signature));
}

/**
 * @param {string} scanned
 * @returns {VerificationCode}
 * @throws {Talk2meError} `verification_code_invalid` when it is another QR code or a damaged one
 */
export function parse_verification_code(scanned) {
  try {
    const bytes = from_base64url(scanned.trim());
    if (bytes.length !== LENGTH || !equal(bytes.subarray(0, START.length), START)) throw new Talk2meError("encoding_invalid");
    return {
      mine: { account: bytes.slice(5, 21), identity_key: bytes.slice(21, 53) },
      theirs: { account: bytes.slice(53, 69), identity_key: bytes.slice(69, 101) },
      log: { size: read_u64(bytes, 101), root: bytes.slice(109, 141), signature: bytes.slice(141) },
    };
  } catch {
    throw new Talk2meError("verification_code_invalid");
  }
}

/**
 * Tells whether a scanned code says the same as this device knows: what the other calls "mine" is what we call "theirs".
 * @param {VerificationCode} scanned
 * @param {Side} mine
 * @param {Side} theirs
 * @returns {boolean}
 */
export function verification_code_matches(scanned, mine, theirs) {
  return is_same_side(scanned.mine, theirs) && is_same_side(scanned.theirs, mine);
}

/** @param {Side} a @param {Side} b */
function is_same_side(a, b) {
  return equal(a.account, b.account) && equal(a.identity_key, b.identity_key);
}
