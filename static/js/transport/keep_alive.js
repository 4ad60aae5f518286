// @ts-check
// What an open socket needs from time to time: pings, by which a dead connection shows, and a new token before the old one ends.

/**
 * @typedef {{ ping: () => Promise<unknown>, renew: () => Promise<any>, on_dead: () => void,
 *   on_not_renewed: () => void }} Needs `renew` says hello again with a fresh token and gives the answer
 */

const PING_EVERY = 25_000;
// Tokens are renewed this long before they end, or at half of their life if that is sooner.
const RENEW_BEFORE = 120_000;
// A timer of more than 24.8 days would fire at once.
const LONGEST_TIMER = 2 ** 31 - 1;

export class KeepAlive {
  /** @param {Needs} needs */
  constructor(needs) {
    this.needs = needs;
    /** Grows with each connection, so that what belongs to an old one stops. */
    this.turn = 0;
  }

  /** @param {any} hello the server's `hello.ok`, seconds */
  begin(hello) {
    this.end();
    this.#plan_ping(this.turn);
    this.#plan_renewal(this.turn, hello);
  }

  end() {
    this.turn += 1;
    clearTimeout(this.ping_timer);
    clearTimeout(this.renewal_timer);
  }

  /** @param {number} turn */
  #plan_ping(turn) {
    this.ping_timer = setTimeout(() => void this.#ping(turn), PING_EVERY);
  }

  /** @param {number} turn */
  async #ping(turn) {
    try {
      await this.needs.ping();
      if (turn === this.turn) this.#plan_ping(turn);
    } catch {
      if (turn === this.turn) this.needs.on_dead();
    }
  }

  /** @param {number} turn @param {any} hello */
  #plan_renewal(turn, { expires_in }) {
    const life = Math.max(1, Number(expires_in) || 0) * 1000;
    const wait = Math.min(Math.max(life - RENEW_BEFORE, life / 2), LONGEST_TIMER);
    this.renewal_timer = setTimeout(() => void this.#renew(turn), wait);
  }

  /** @param {number} turn */
  async #renew(turn) {
    try {
      const hello = await this.needs.renew();
      if (turn === this.turn) this.#plan_renewal(turn, hello);
    } catch {
      if (turn === this.turn) this.needs.on_not_renewed();
    }
  }

  /** @type {any} */
  ping_timer = undefined;
  /** @type {any} */
  renewal_timer = undefined;
}
