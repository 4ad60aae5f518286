// @ts-check
// docs/protocol.md 6: Signal's numeric fingerprint, version 2, over the accounts' identity keys.
import { sha512 } from "../../vendor/third_party.js";
import { concat, to_utf8, u16 } from "../codec/bytes.js";
import { next_turn } from "./next_turn.js";

const ROUNDS = 5200;
// About 5 ms of work at a time, so that the page keeps answering.
const ROUNDS_A_TURN = 130;
const GROUPS_A_SIDE = 6;

/** @typedef {{ account: Uint8Array, identity_key: Uint8Array }} Side */

/**
 * Takes about half a second for both sides: compute it once and keep it.
 * @param {string} origin
 * @param {Side} mine
 * @param {Side} theirs
 * @returns {Promise<string>} 12 groups of five digits with spaces, the same for both people
 */
export async function safety_number(origin, mine, theirs) {
  const sides = [await side_groups(origin, mine), await side_groups(origin, theirs)];
  return sides.sort().join(" ");
}

/** @param {string} origin @param {Side} side */
const side_groups = (origin, { account, identity_key }) => fingerprint_groups(identity_key, concat(to_utf8(origin), account));

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} stable_id
 * @returns {Promise<string>} six groups of five digits; of equal length, so that they sort as the digits do
 */
export async function fingerprint_groups(key, stable_id) {
  let hash = sha512(concat(u16(0), key, stable_id, key));
  for (let round = 1; round < ROUNDS; round += 1) {
    hash = sha512(concat(hash, key));
    if (round % ROUNDS_A_TURN === 0) await next_turn();
  }
  return Array.from({ length: GROUPS_A_SIDE }, (_, group) => digits(hash.subarray(5 * group, 5 * group + 5))).join(" ");
}

/** @param {Uint8Array} chunk five bytes, big-endian */
function digits(chunk) {
  const value = chunk.reduce((sum, byte) => sum * 256 + byte, 0);
  return String(value % 100_000).padStart(5, "0");
}
