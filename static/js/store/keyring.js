// @ts-check
// The data keys that a page has of its store: none while it is locked, two while every record is being sealed anew.
import { Talk2meError } from "../errors.js";
import { RecordSealer } from "./record_sealer.js";

/** @import { Random } from "./record_sealer.js" */
/** @typedef {{ current: CryptoKey, old: CryptoKey | null }} Keys `old`: what is not sealed anew yet is sealed with it */

export class Keyring {
  /** @param {Random} random */
  constructor(random) {
    this.random = random;
    /** @type {RecordSealer | null} */
    this.current = null;
    /** @type {RecordSealer | null} */
    this.old = null;
    /** @type {Set<() => void>} */
    this.waiting = new Set();
  }

  get locked() {
    return this.current === null;
  }

  /** @returns {Keys | null} for other pages of this browser; null while locked */
  get keys() {
    return this.current && { current: this.current.key, old: this.old?.key ?? null };
  }

  /** @param {Keys} keys */
  use({ current, old }) {
    this.current = new RecordSealer(current, this.random);
    this.old = old && new RecordSealer(old, this.random);
    for (const resolve of this.waiting) resolve();
  }

  clear() {
    this.current = null;
    this.old = null;
  }

  /** @param {string} store @param {string} id @param {unknown} value */
  async seal(store, id, value) {
    return this.#present().seal(store, id, value);
  }

  /**
   * @param {string} store
   * @param {string} id
   * @param {Uint8Array} sealed
   * @returns {Promise<any>}
   * @throws {Talk2meError} `locked`, `storage_damaged`
   */
  async open(store, id, sealed) {
    // Both taken at once: what was read before the old key went is opened with it.
    const { old } = this;
    const current = this.#present();
    try {
      return await current.open(store, id, sealed);
    } catch (error) {
      if (!old) throw error;
      return old.open(store, id, sealed);
    }
  }

  /**
   * @param {string} store
   * @param {string} id
   * @param {Uint8Array} sealed
   * @returns {Promise<any>} the record, or undefined where it is not sealed with the old key
   */
  async open_old(store, id, sealed) {
    try {
      return await this.old?.open(store, id, sealed);
    } catch {
      return undefined;
    }
  }

  /** @param {number} wait milliseconds @returns {Promise<boolean>} whether other keys came within that time */
  next_keys(wait) {
    return new Promise((resolve) => {
      const end = (/** @type {boolean} */ came) => {
        clearTimeout(timer);
        this.waiting.delete(came_now);
        resolve(came);
      };
      const came_now = () => end(true);
      const timer = setTimeout(() => end(false), wait);
      this.waiting.add(came_now);
    });
  }

  #present() {
    if (!this.current) throw new Talk2meError("locked");
    return this.current;
  }
}
