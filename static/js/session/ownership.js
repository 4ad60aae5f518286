// @ts-check
// One page of this browser is the owner: it alone holds the ratchets and the socket (Web Locks).

/** @typedef {{ request: (name: string, options: any, work: (lock: any) => Promise<unknown>) => Promise<unknown> }} Locks */

export class Ownership {
  /**
   * @param {{ locks: Locks, name: string, on_gained: () => Promise<void>, on_lost: () => void }} options `on_gained` is done
   *   before anything is said to be owned
   */
  constructor({ locks, name, on_gained, on_lost }) {
    this.locks = locks;
    this.name = name;
    this.on_gained = on_gained;
    this.on_lost = on_lost;
    this.owned = false;
    this.closed = false;
    /** @type {(() => void) | null} */
    this.release = null;
    /** @type {AbortController | null} */
    this.waiting = null;
  }

  /** @returns {Promise<boolean>} whether this page is the owner now; if not it will be as soon as it can */
  async begin() {
    const gained = await this.#take({ ifAvailable: true });
    if (!gained) this.#queue();
    return gained;
  }

  /** Takes it from a page that does not answer. @returns {Promise<boolean>} */
  async steal() {
    if (this.owned || this.closed) return this.owned;
    this.waiting?.abort();
    return this.#take({ steal: true });
  }

  /** Lets another page have it, and does not ask again. */
  resign() {
    this.release?.();
  }

  close() {
    this.closed = true;
    this.waiting?.abort();
    this.release?.();
  }

  #queue() {
    if (this.closed) return;
    this.waiting = new AbortController();
    void this.#take({ signal: this.waiting.signal });
  }

  /** @param {Record<string, unknown>} options @returns {Promise<boolean>} once it is known whether the lock was given */
  #take(options) {
    return new Promise((resolve) => {
      const held = this.locks.request(this.name, { mode: "exclusive", ...options }, async (lock) => {
        if (!lock || this.closed) return resolve(false);
        /** @type {Promise<void>} */
        const until_released = new Promise((release) => {
          this.release = release;
        });
        this.owned = true;
        await this.on_gained();
        resolve(true);
        await until_released;
        return this.#lost();
      });
      held.catch(() => {
        // Stolen, or no longer waited for.
        resolve(false);
        if (!this.owned) return;
        this.#lost();
        this.#queue();
      });
    });
  }

  #lost() {
    if (!this.owned) return;
    this.owned = false;
    this.release = null;
    this.on_lost();
  }
}
