// @ts-check
// A made-up history, and its entries in an archive as a device of the account writes them: a link after every 64.
import { concat } from "../../static/js/codec/bytes.js";
import { sha256 } from "../../static/js/crypto/hash.js";
import { seal_entry } from "../../static/js/protocol/archive_entry.js";
import { link_entry_id, message_entry_id } from "../../static/js/protocol/archive_keys.js";
import { MOST_LINKED } from "../../static/js/protocol/archive_schema.js";

/** @import { Bytes } from "../../static/js/codec/bytes.js" */
/** @import { ArchiveKeys } from "../../static/js/protocol/archive_keys.js" */
/** @import { Entry, MessageBody } from "../../static/js/protocol/archive_schema.js" */
/** @typedef {{ mailbox: Bytes, keys: ArchiveKeys }} Archive */
/** @typedef {{ id: Bytes, body: Bytes }} Sealed */

// Between one message and the next: milliseconds.
const STEP = 600_000;
const WORDS = "so we said that this would be done by tomorrow and nobody has asked since when it was not there yet".split(" ");
// How many words a message has: most are short.
const LENGTHS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 80];

export const random = (/** @type {number} */ length) => crypto.getRandomValues(new Uint8Array(length));

/**
 * Whoever talks: by turns of no order, the last thirty with the first of the peers.
 * @param {{ own: Bytes, peers: Bytes[], count: number, now: number }} of
 * @returns {Generator<MessageBody>} oldest first
 */
export function* make_history({ own, peers, count, now }) {
  // The groups of before: mailboxes that no device is in any more.
  const places = peers.map(() => ({ mailbox: random(16), sequence: 0 }));
  const dice = random_numbers(20_261_129);
  for (let number = 1; number <= count; number += 1) {
    const at = number > count - 30 ? 0 : Math.floor(dice() * peers.length);
    const place = { ...places[at], sequence: (places[at].sequence += 1) };
    const time = now - (count - number) * STEP;
    const words = Array.from({ length: LENGTHS[Math.floor(dice() * LENGTHS.length)] }, () => WORDS[Math.floor(dice() * WORDS.length)]);
    const author = dice() < 0.5 ? own : peers[at];
    const text = `${number} ${words.join(" ")}`;
    yield { conversation: peers[at], id: random(16), author, time, received: time, type: "text", text, place };
  }
}

/** The same numbers in every run (mulberry32). @param {number} seed */
function random_numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {Archive} archive
 * @param {Iterable<MessageBody>} history
 * @returns {AsyncGenerator<Sealed[]>} up to 64 messages and their link
 */
export async function* seal_history(archive, history) {
  const device = random(16);
  let [number, prev] = [0, new Uint8Array(32)];
  for (const bodies of pieces(history, MOST_LINKED)) {
    const sealed = await Promise.all(bodies.map((body) => seal_message(archive, body)));
    const listed = await Promise.all(sealed.map(async ({ id, body }) => concat(id, await sha256(body))));
    number += 1;
    const id = await link_entry_id(archive.keys, device, number);
    const link = await seal_one(archive, id, { type: "link", body: { device, number, prev, entries: concat(...listed) } });
    prev = await sha256(link.body);
    yield [...sealed, link];
  }
}

/** @param {Archive} archive @param {MessageBody} body */
async function seal_message(archive, body) {
  return seal_one(archive, await message_entry_id(archive.keys, body.conversation, body.id), { type: "message", body });
}

/** @param {Archive} archive @param {Bytes} id @param {Entry} entry @returns {Promise<Sealed>} */
async function seal_one({ mailbox, keys }, id, entry) {
  return { id, body: await seal_entry(keys, { mailbox, id }, entry, random) };
}

/** @template T @param {Iterable<T>} all @param {number} size @returns {Generator<T[]>} */
function* pieces(all, size) {
  /** @type {T[]} */
  let piece = [];
  for (const one of all) {
    piece.push(one);
    if (piece.length < size) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

