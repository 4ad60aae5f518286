// @ts-check
// Is everything there that the account's devices say they have stored? Read from the newest backwards, a link comes before what it
// lists. What has been found so far is a plain record, so that reading can stop and go on.
import { concat, equal, from_hex, to_hex } from "../../codec/bytes.js";
import { to_base64url } from "../../codec/base64url.js";
import { LINKED_LENGTH } from "../../protocol/archive_schema.js";

/** @import { Bytes } from "../../codec/bytes.js" */
/** @import { LinkBody } from "../../protocol/archive_schema.js" */
/**
 * @typedef {{ listed: Bytes, chains: Record<string, { number: number, prev: Bytes | null }>, wrong: number }} Checked `listed`: id
 *   and hash of what links name and has not been seen; `chains`: by device the lowest link seen so far and what comes before it;
 *   `wrong`: links that are missing or others, entries that are others
 */

const ID_LENGTH = 16;

/**
 * @param {{ device: Uint8Array, links: number }[]} devices how far the links of each go, as the vault says
 * @returns {Checked}
 */
export function nothing_checked(devices) {
  /** @type {[string, { number: number, prev: null }][]} */
  const chains = devices.map(({ device, links }) => [to_base64url(device), { number: links + 1, prev: null }]);
  return { listed: new Uint8Array(0), chains: Object.fromEntries(chains), wrong: 0 };
}

export class LinkCheck {
  /** @param {Checked} checked as it was stored */
  constructor({ listed, chains, wrong }) {
    /** @type {Map<string, Bytes>} */
    this.listed = new Map();
    this.#add(listed);
    this.chains = structuredClone(chains);
    this.wrong = wrong;
  }

  /** @param {LinkBody} link @param {Uint8Array} hash of its body */
  see_link({ device, number, prev, entries }, hash) {
    const id = to_base64url(device);
    const chain = this.chains[id];
    // The vault may know of fewer: it is written less often.
    if (chain && (chain.prev !== null || number < chain.number)) {
      this.wrong += Math.abs(chain.number - 1 - number);
      if (chain.prev && chain.number - 1 === number && !equal(chain.prev, hash)) this.wrong += 1;
    }
    if (!chain || chain.prev === null || number < chain.number) this.chains[id] = { number, prev };
    this.#add(entries);
  }

  /** @param {Uint8Array} id @param {Uint8Array} hash of what the server shows under it */
  see_entry(id, hash) {
    const key = to_hex(id);
    const expected = this.listed.get(key);
    if (!expected) return;
    this.listed.delete(key);
    if (!equal(expected, hash)) this.wrong += 1;
  }

  /** @returns {number} how much is missing or is not what it was, once everything has been seen */
  missing() {
    const left = Object.values(this.chains).reduce((sum, { number }) => sum + number - 1, 0);
    return this.wrong + left + this.listed.size;
  }

  /** @returns {Checked} */
  to_record() {
    const listed = [...this.listed].map(([id, hash]) => concat(from_hex(id), hash));
    return { listed: concat(...listed), chains: this.chains, wrong: this.wrong };
  }

  /** @param {Uint8Array} entries */
  #add(entries) {
    for (let at = 0; at < entries.length; at += LINKED_LENGTH) {
      const id = to_hex(entries.subarray(at, at + ID_LENGTH));
      this.listed.set(id, /** @type {Bytes} */ (entries.slice(at + ID_LENGTH, at + LINKED_LENGTH)));
    }
  }
}
