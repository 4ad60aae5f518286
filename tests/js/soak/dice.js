// @ts-check
// Chance that can be had again: the same seed plans the same storm. What the machines make of it depends on their speed.

export class Dice {
  /** @param {number} seed */
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** @returns {number} from 0 up to, not including, 1 (mulberry32) */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} least @param {number} most @returns {number} an integer, both included */
  between(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** @template T @param {readonly T[]} of not empty @returns {T} */
  pick(of) {
    return of[this.between(0, of.length - 1)];
  }

  /** @template T @param {readonly T[]} of @returns {T[]} in another order */
  shuffle(of) {
    return of.map((one) => ({ one, at: this.next() })).sort((a, b) => a.at - b.at).map(({ one }) => one);
  }
}
