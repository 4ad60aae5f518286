// @ts-check
// Requests whose answer is awaited, by `ref`.
import { error_from_server, Talk2meError } from "../errors.js";

/** @typedef {{ resolve: (answer: any) => void, reject: (error: Talk2meError) => void, timer: any }} Pending */
/** @typedef {Record<string, any> & { type: string }} Frame */

export class PendingRequests {
  /** @param {{ time_limit: number, on_overdue: () => void }} options milliseconds; called when an answer fails to come */
  constructor({ time_limit, on_overdue }) {
    this.time_limit = time_limit;
    this.on_overdue = on_overdue;
    /** @type {Map<number, Pending>} */
    this.pending = new Map();
    this.last_ref = 0;
  }

  /** @returns {{ ref: number, answer: Promise<any> }} */
  begin() {
    this.last_ref = (this.last_ref + 1) % 2 ** 32;
    const ref = this.last_ref;
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#settle(ref)?.reject(new Talk2meError("timed_out"));
        this.on_overdue();
      }, this.time_limit);
      this.pending.set(ref, { resolve, reject, timer });
    });
    return { ref, answer };
  }

  /** @param {Frame} frame @returns {boolean} whether it was the answer to something */
  settle(frame) {
    const pending = this.#settle(frame.ref);
    if (!pending) return false;
    if (frame.type === "error") pending.reject(error_from_server(frame.code, error_details(frame)));
    else pending.resolve(frame);
    return true;
  }

  /** @param {Talk2meError} error */
  reject_all(error) {
    for (const ref of [...this.pending.keys()]) this.#settle(ref)?.reject(error);
  }

  /** @param {number} ref */
  #settle(ref) {
    const pending = this.pending.get(ref);
    if (pending) clearTimeout(pending.timer);
    this.pending.delete(ref);
    return pending;
  }
}

/** @param {Frame} frame @returns {Record<string, number>} */
function error_details({ slot, retry_after }) {
  const details = { slot, retry_after };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => Number.isSafeInteger(value)));
}
