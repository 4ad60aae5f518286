// @ts-check
// What an account takes is loaded when there is one, or is about to be: a page that only greets does without it.
import { Talk2meError } from "../errors.js";

/** @typedef {typeof import("./account_work.js")} Work */

export class LateWork {
  /** @param {() => Promise<Work>} [fetch_it] */
  constructor(fetch_it = () => import("./account_work.js")) {
    this.fetch_it = fetch_it;
  }

  /** @returns {Promise<Work>} @throws {Talk2meError} `offline` when it can't be fetched; the next call tries again */
  load() {
    this.loading ??= this.fetch_it().catch(() => {
      this.loading = undefined;
      throw new Talk2meError("offline");
    });
    return this.loading;
  }

  /** @type {Promise<Work> | undefined} */
  loading = undefined;
}
