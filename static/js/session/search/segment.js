// @ts-check
// A part of the index: some messages, the words that they are found by, and for each word which of them have it. Kept as a few
// strings and byte arrays, because a hundred of them are held in memory while somebody searches.
import { concat } from "../../codec/bytes.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/**
 * @typedef {{ conversation: string, order: number, time: number, author: string, file: boolean }} Doc where a message is
 * @typedef {Doc & { terms: Iterable<string> }} Entry
 * @typedef {{ docs: Doc[], terms: string, offsets: Bytes, ends: Bytes, postings: Bytes }} Segment `terms`: all of them in rising
 *   order, joined; `offsets`: where each begins, u32, and one more for where the last ends; `ends`: how many of `postings` (u16,
 *   numbers of docs) belong to it and those before it, u32
 */

/** Numbers of docs are two bytes. */
export const MOST_DOCS = 1024;

/**
 * @param {Entry[]} entries at most `MOST_DOCS`
 * @returns {Segment}
 */
export function make_segment(entries) {
  /** @type {Map<string, number[]>} */
  const found = new Map();
  for (const [number, { terms }] of entries.entries()) {
    for (const term of terms) {
      const numbers = found.get(term);
      if (numbers) numbers.push(number);
      else found.set(term, [number]);
    }
  }
  const terms = [...found.keys()].sort(by_unit);
  const offsets = [0];
  const ends = [];
  const postings = [];
  for (const term of terms) {
    offsets.push((offsets.at(-1) ?? 0) + term.length);
    postings.push(...(found.get(term) ?? []));
    ends.push(postings.length);
  }
  return {
    docs: entries.map(({ conversation, order, time, author, file }) => ({ conversation, order, time, author, file })),
    terms: terms.join(""),
    offsets: bytes_of(Uint32Array.from(offsets)),
    ends: bytes_of(Uint32Array.from(ends)),
    postings: bytes_of(Uint16Array.from(postings)),
  };
}

/** A segment as it is searched. */
export class OpenSegment {
  /** @param {Segment} segment */
  constructor({ docs, terms, offsets, ends, postings }) {
    this.docs = docs;
    this.terms = terms;
    this.offsets = new Uint32Array(own_buffer(offsets));
    this.ends = new Uint32Array(own_buffer(ends));
    this.postings = new Uint16Array(own_buffer(postings));
  }

  /** Numbers of the docs that have a word which begins so. @param {string} prefix @returns {Set<number>} */
  find(prefix) {
    const first = this.#first(prefix);
    let after = first;
    while (after < this.ends.length && this.#term(after).startsWith(prefix)) after += 1;
    const from = first === 0 ? 0 : this.ends[first - 1];
    const to = after === 0 ? 0 : this.ends[after - 1];
    return new Set(this.postings.subarray(from, to));
  }

  /** The words of each doc, to make another segment of. @returns {Entry[]} */
  entries() {
    /** @type {Entry[]} */
    const entries = this.docs.map((doc) => ({ ...doc, terms: /** @type {string[]} */ ([]) }));
    let at = 0;
    for (const [number, end] of this.ends.entries()) {
      const term = this.#term(number);
      for (; at < end; at += 1) /** @type {string[]} */ (entries[this.postings[at]].terms).push(term);
    }
    return entries;
  }

  /** The first word that is not below a prefix. @param {string} prefix */
  #first(prefix) {
    let [low, high] = [0, this.ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#term(middle) < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {number} number */
  #term(number) {
    return this.terms.slice(this.offsets[number], this.offsets[number + 1]);
  }
}

/** @param {string} a @param {string} b */
const by_unit = (a, b) => (a < b ? -1 : 1);

/** @param {Uint32Array | Uint16Array} numbers */
const bytes_of = (numbers) => concat(new Uint8Array(numbers.buffer));

/** What was unpacked is a view on something larger, and need not begin where numbers may. @param {Bytes} bytes */
const own_buffer = (bytes) => bytes.slice().buffer;
