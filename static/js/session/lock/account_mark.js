// @ts-check
// A mark outside the database that there is an account in this browser. Where it is left alone, the browser's storage was wiped,
// which the account itself could not tell any more. It says nothing of whose account that was.

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Marks */

export class AccountMark {
  /** @param {Marks | undefined} marks none where the browser allows none @param {string} name */
  constructor(marks, name) {
    this.marks = marks;
    this.name = name;
  }

  /** @returns {boolean} */
  is_set() {
    return this.#try(() => this.marks?.getItem(this.name)) === "1";
  }

  set() {
    this.#try(() => this.marks?.setItem(this.name, "1"));
  }

  remove() {
    this.#try(() => this.marks?.removeItem(this.name));
  }

  /** A browser may refuse it, or be full: then there is no mark. @template T @param {() => T} work */
  #try(work) {
    try {
      return work();
    } catch {
      return undefined;
    }
  }
}

/** @param {any} platform the global object @returns {Marks | undefined} */
export function platform_marks(platform) {
  try {
    return platform.localStorage ?? undefined;
  } catch {
    // The mere look at it is refused where a person allows no storage.
    return undefined;
  }
}
