// @ts-check
// Web Locks as far as the session uses them: Node 20 has none.

/** @typedef {{ work: (lock: any) => Promise<unknown>, resolve: (value: any) => void, reject: (error: unknown) => void }} Request */

export class FakeLocks {
  constructor() {
    /** @type {Map<string, { reject: (error: unknown) => void }>} */
    this.held = new Map();
    /** @type {Map<string, Request[]>} */
    this.queued = new Map();
  }

  /**
   * @param {string} name
   * @param {{ ifAvailable?: boolean, steal?: boolean, signal?: AbortSignal }} options
   * @param {(lock: any) => Promise<unknown>} work
   * @returns {Promise<unknown>}
   */
  request(name, { ifAvailable, steal, signal }, work) {
    return new Promise((resolve, reject) => {
      const request = { work, resolve, reject };
      if (steal) {
        this.held.get(name)?.reject(new DOMException("stolen", "AbortError"));
        this.held.delete(name);
        return this.#grant(name, request);
      }
      if (!this.held.has(name)) return this.#grant(name, request);
      if (ifAvailable) return resolve(work(null));
      const queue = this.queued.get(name) ?? [];
      this.queued.set(name, [...queue, request]);
      signal?.addEventListener("abort", () => {
        this.queued.set(name, (this.queued.get(name) ?? []).filter((other) => other !== request));
        reject(new DOMException("aborted", "AbortError"));
      });
      return undefined;
    });
  }

  /** @param {string} name @param {Request} request */
  #grant(name, { work, resolve, reject }) {
    const holder = { reject };
    this.held.set(name, holder);
    void Promise.resolve()
      .then(() => work({ name }))
      .then(resolve, reject)
      .finally(() => {
        if (this.held.get(name) !== holder) return;
        this.held.delete(name);
        const [next, ...rest] = this.queued.get(name) ?? [];
        this.queued.set(name, rest);
        if (next) this.#grant(name, next);
      });
  }
}
