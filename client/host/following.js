// @ts-check
// What calls wait for: that all is received, that a message has come so far, that the session has done what it had begun.
import { Talk2meError } from "../../static/js/errors.js";

/** @import { Session } from "../../static/js/session/open_session.js" */

// So long after nothing is under way any more it counts as done.
const QUIET = 100;

export class Following {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    /** @type {Set<() => void>} */
    this.waiting = new Set();
    /** @type {string | null} why this device will not come online any more */
    this.stopped = null;
    this.has_received = false;
    session.on("received", () => (this.has_received = true));
    session.on("connection", ({ stopped }) => (this.stopped = stopped ?? null));
    for (const topic of ["received", "connection", "messages", "conversations", "contacts", "key_log"]) session.on(topic, () => this.#look());
  }

  /**
   * @template T
   * @param {() => Promise<T | null>} look again whenever something has changed
   * @returns {Promise<T>}
   */
  async until(look) {
    for (;;) {
      /** @type {Promise<void>} */
      const changed = new Promise((resolve) => this.waiting.add(resolve));
      const found = await look();
      if (found !== null) return found;
      if (this.stopped) throw new Talk2meError(/** @type {any} */ (this.stopped));
      await changed;
    }
  }

  /** All that waited for this device, when it connected, has been read. */
  async received() {
    return this.until(async () => (this.has_received ? {} : null));
  }

  /** What can go on now; without a connection that is nothing. @param {number} limit milliseconds */
  async settle(limit) {
    const end = Date.now() + limit;
    while (Date.now() < end && this.session.device?.online) {
      const jobs = [...(this.session.device?.jobs ?? [])];
      if (jobs.length > 0) await Promise.race([Promise.all(jobs), pause(end - Date.now())]);
      else {
        await pause(QUIET);
        if (!this.session.device?.jobs.size) return;
      }
    }
  }

  #look() {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

/** @param {number} wait milliseconds */
const pause = (wait) => new Promise((resolve) => void setTimeout(resolve, Math.max(wait, 0)));
