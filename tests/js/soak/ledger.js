// @ts-check
// What was written by whom: each text once in the world, so that it can be looked for everywhere.

/**
 * @typedef {{ text: string, author: string, by: string, number: number, kept: boolean }} Entry `author` an account, `by` the label
 *   of its device, `number` which of that device's; `kept`: its page has said that it has it, so it must not get lost
 */

export class Ledger {
  constructor() {
    /** @type {Map<string, Map<string, Entry>>} by the two accounts, then by text */
    this.conversations = new Map();
    this.kept = 0;
  }

  /** @param {string} one @param {string} other accounts @returns {Map<string, Entry>} */
  between(one, other) {
    const key = [one, other].sort().join(" ");
    const entries = this.conversations.get(key) ?? new Map();
    this.conversations.set(key, entries);
    return entries;
  }

  /** @param {Omit<Entry, "kept">} wish @param {string} peer @returns {Entry} */
  note(wish, peer) {
    const entry = { ...wish, kept: false };
    this.between(wish.author, peer).set(wish.text, entry);
    return entry;
  }

  /** @param {Entry} entry */
  keep(entry) {
    entry.kept = true;
    this.kept += 1;
  }
}
