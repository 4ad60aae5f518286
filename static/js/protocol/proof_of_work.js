// @ts-check
// Challenges in the format of ALTCHA's proof of work, version 2 (docs/wire_format.md 2, "Work"): which counter makes a key that begins so?
// Every try is WebCrypto's, beside the page's own thread: the page keeps answering.
import { concat, from_hex, to_hex } from "../codec/bytes.js";
import { pbkdf2_sha256 } from "../crypto/pbkdf2.js";
import { Talk2meError } from "../errors.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @typedef {{ nonce: Bytes, salt: Bytes, rounds: number, length: number, prefix: Bytes }} Task */

// A server may ask for much, and not for everything: beyond this a phone would be busy for hours.
const MOST_ROUNDS = 20_000;
const MOST_TRIES = 200_000;
// So many tries at once keep a processor of several cores busy.
const AT_ONCE = 4;

/**
 * @param {unknown} challenge as the server gave it
 * @returns {Promise<string>} what proves the work, in its base64
 * @throws {Talk2meError} `answer_invalid` for a challenge of another kind, or one that nothing solves
 */
export async function solve_challenge(challenge) {
  const task = read_task(challenge);
  for (let first = 0; first < MOST_TRIES; first += AT_ONCE) {
    const counters = Array.from({ length: AT_ONCE }, (_, at) => first + at);
    const keys = await Promise.all(counters.map((counter) => derive(task, counter)));
    const at = keys.findIndex((key) => task.prefix.every((byte, index) => byte === key[index]));
    if (at >= 0) return btoa(JSON.stringify({ challenge, solution: { counter: first + at, derivedKey: to_hex(keys[at]) } }));
  }
  throw new Talk2meError("answer_invalid");
}

/** @param {Task} task @param {number} counter */
function derive({ nonce, salt, rounds, length }, counter) {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, counter);
  return pbkdf2_sha256(concat(nonce, number), salt, rounds, length);
}

/** @param {unknown} challenge @returns {Task} */
function read_task(challenge) {
  const { algorithm, cost, keyLength, nonce, salt, keyPrefix } = /** @type {any} */ (challenge)?.parameters ?? {};
  const length = whole(keyLength, 64);
  const task = { nonce: short_hex(nonce), salt: short_hex(salt), rounds: whole(cost, MOST_ROUNDS), length, prefix: short_hex(keyPrefix) };
  if (algorithm !== "PBKDF2/SHA-256" || task.prefix.length > length) throw new Talk2meError("answer_invalid");
  return task;
}

/** @param {unknown} value @param {number} most @returns {number} */
function whole(value, most) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > most) throw new Talk2meError("answer_invalid");
  return value;
}

/** @param {unknown} text @returns {Bytes} */
function short_hex(text) {
  if (typeof text !== "string" || text === "" || text.length > 128) throw new Talk2meError("answer_invalid");
  try {
    return from_hex(text);
  } catch {
    throw new Talk2meError("answer_invalid");
  }
}
