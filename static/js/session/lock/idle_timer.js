// @ts-check
// Notices that nobody has touched this browser for some time. Looked at by the clock, not by the timer alone: a machine that slept
// wakes with a timer that has hardly moved. And not by the clock alone: one that is set back would lengthen it.

// So long at most after a machine has woken.
const LOOK = 1_000;

export class IdleTimer {
  /** @param {{ now: () => number, on_idle: () => void }} options */
  constructor({ now, on_idle }) {
    this.now = now;
    this.on_idle = on_idle;
    /** Milliseconds; 0: never. */
    this.limit = 0;
    this.touched = 0;
    this.looked = 0;
    /** @type {any} */
    this.timer = null;
  }

  /** Begins anew. @param {number} limit milliseconds; 0: never */
  start(limit) {
    this.stop();
    this.limit = limit;
    this.touched = this.looked = this.now();
    this.#wait();
  }

  stop() {
    clearTimeout(this.timer);
    this.limit = 0;
  }

  /** Somebody is there. @returns {boolean} false: too late */
  touch() {
    if (!this.look()) return false;
    this.touched = this.looked;
    return true;
  }

  /** @param {number} [passed] milliseconds that the timer has counted since it was last looked at @returns {boolean} false: it is over */
  look(passed = 0) {
    const now = this.now();
    // The clock was set back: what has passed counts all the same.
    this.touched -= Math.max(0, this.looked + passed - now);
    this.looked = now;
    if (this.limit > 0 && now - this.touched >= this.limit) {
      this.stop();
      this.on_idle();
      return false;
    }
    this.#wait();
    return true;
  }

  #wait() {
    clearTimeout(this.timer);
    if (this.limit === 0) return;
    const wait = Math.min(LOOK, this.limit - (this.looked - this.touched));
    this.timer = setTimeout(() => this.look(wait), wait);
  }
}
