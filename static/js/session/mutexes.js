// @ts-check
// Work under one name runs one after the other; under different names side by side.

export class Mutexes {
  constructor() {
    /** @type {Map<string, Promise<unknown>>} */
    this.tails = new Map();
  }

  /**
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} work must not ask for the same name again
   * @returns {Promise<T>}
   */
  run(name, work) {
    const run = (this.tails.get(name) ?? Promise.resolve()).then(work);
    const tail = run.catch(() => undefined);
    this.tails.set(name, tail);
    void tail.then(() => {
      if (this.tails.get(name) === tail) this.tails.delete(name);
    });
    return run;
  }
}
