// @ts-check
// Sealed records by (store, id). Reads are free for every page; writes need the owner's generation, and each is one
// IndexedDB transaction: all of it or nothing.
import { Talk2meError } from "../errors.js";
import { end_of, result_of, storage_error } from "./idb.js";
import { Changes } from "./changes.js";

/** @import { Keyring } from "./keyring.js" */
/** @typedef {{ prefix: string, before?: string, after?: string, newest_first?: boolean, limit?: number }} Range ids that start
 *    with `prefix` and sort below `before` and above `after` */

// How long a page that is not the owner waits for keys that the owner has just changed.
const KEYS_WAIT = 500;

export class Store {
  /** @param {IDBDatabase} database @param {Keyring} keyring empty while the store is locked: then every read fails with `locked` */
  constructor(database, keyring) {
    this.database = database;
    this.keyring = keyring;
    /** @type {number | null} set while this page is the owner */
    this.generation = null;
    /** @type {Promise<unknown>} */
    this.last_transaction = Promise.resolve();
    /** @type {Map<string, IDBObjectStore>} what is read from at this moment */
    this.reading = new Map();
  }

  close() {
    this.generation = null;
    this.database.close();
  }

  /**
   * The same records under an ownership of its own. Whoever begins to own takes one: what its predecessor in the same page has
   * under way, with what it remembers of the records, must not write under the ownership that came after.
   */
  fork() {
    return new Store(this.database, this.keyring);
  }

  get locked() {
    return this.keyring.locked;
  }

  /** Names of those whose records are sealed. */
  get sealed_stores() {
    return [...this.database.objectStoreNames].filter((name) => name !== "owner" && name !== "keys");
  }

  /**
   * Makes this page the only one whose writes count.
   * @returns {Promise<number>}
   */
  async take_ownership() {
    const transaction = this.#begin(["owner"], "readwrite");
    const owner = transaction.objectStore("owner");
    const ended = end_of(transaction);
    const generation = ((await result_of(owner.get("generation"))) ?? 0) + 1;
    owner.put(generation, "generation");
    await ended;
    this.generation = generation;
    return generation;
  }

  give_up_ownership() {
    this.generation = null;
  }

  /** @param {string} id @returns {Promise<any>} a CryptoKey pair, or undefined */
  async get_key(id) {
    return result_of(this.#records("keys").get(id));
  }

  /** @param {string} store @param {string} id @returns {Promise<any>} undefined when there is none */
  async get(store, id) {
    const sealed = await result_of(this.#records(store).get(id));
    return sealed === undefined ? undefined : this.#open(store, id, sealed);
  }

  /**
   * @param {string} store
   * @param {string[]} ids
   * @returns {Promise<any[]>} as `get` of each, all in one transaction of IndexedDB
   */
  async get_many(store, ids) {
    if (ids.length === 0) return [];
    const records = this.#records(store);
    const sealed = await Promise.all(ids.map((id) => result_of(records.get(id))));
    return Promise.all(sealed.map((one, at) => (one === undefined ? undefined : this.#open(store, ids[at], one))));
  }

  /** @param {string} store @param {Range} range @returns {Promise<{ id: string, value: any }[]>} by id */
  async list(store, { prefix, before, after, newest_first = false, limit = Infinity }) {
    const range = IDBKeyRange.bound(after ?? prefix, before ?? `${prefix}\uffff`, after !== undefined, true);
    const rows = await read_rows(this.#records(store), range, newest_first, limit);
    return Promise.all(rows.map(async ({ id, sealed }) => ({ id, value: await this.#open(store, id, sealed) })));
  }

  /** @param {string} store @param {string} prefix @param {string} [after] an id; from the next one on @returns {Promise<number>} */
  async count(store, prefix, after) {
    const range = IDBKeyRange.bound(after ?? prefix, `${prefix}\uffff`, after !== undefined, true);
    return result_of(this.#records(store).count(range));
  }

  /**
   * As they lie there.
   * @param {string} store
   * @param {string} after an id; from the next one on
   * @param {number} limit
   * @returns {Promise<{ id: string, sealed: Uint8Array }[]>} by id
   */
  async read_sealed(store, after, limit) {
    const range = IDBKeyRange.lowerBound(after, true);
    return read_rows(this.#records(store), range, false, limit);
  }

  /**
   * Runs `work`, which reads through its `Changes` and notes there what to write; then writes all of it at once. One
   * runs after the other, so what `work` reads can't be changed before it writes. It must not start another.
   * @template T
   * @param {(changes: Changes) => Promise<T> | T} work when it throws, nothing is written
   * @returns {Promise<T>}
   * @throws {Talk2meError} `not_owner` when another page has taken over; `storage_full` with nothing half written
   */
  transaction(work) {
    const run = this.last_transaction.then(async () => {
      const changes = new Changes(this);
      const result = await work(changes);
      await this.#write(changes);
      tell_all(changes.afterwards);
      return result;
    });
    this.last_transaction = run.catch(() => undefined);
    return run;
  }

  /** @param {string} store @param {string} id @param {Uint8Array} sealed @returns {Promise<any>} */
  async #open(store, id, sealed) {
    try {
      return await this.keyring.open(store, id, sealed);
    } catch (error) {
      if (this.locked || this.generation !== null || !(await this.keyring.next_keys(KEYS_WAIT))) throw error;
      return this.keyring.open(store, id, sealed);
    }
  }

  /** @param {Changes} changes */
  async #write(changes) {
    if (this.generation === null) throw new Talk2meError("not_owner");
    if (changes.is_empty()) return;
    const generation = this.generation;
    const sealed = await Promise.all(
      changes.records().map(async ({ store, id, value }) => ({
        store,
        id,
        value: value === undefined ? undefined : await this.keyring.seal(store, id, value),
      })),
    );
    const entries = [...sealed, ...changes.keys()];
    const stores = ["owner", ...new Set(entries.map(({ store }) => store))];
    const transaction = this.#begin(stores, "readwrite");
    const ended = end_of(transaction);
    const stored = result_of(transaction.objectStore("owner").get("generation"));
    // The generation is compared inside the transaction: no page can take over between the look and the write.
    const written = stored.then((current) => {
      if (current !== generation) throw new Talk2meError("not_owner");
      for (const { store, id, value } of entries) {
        if (value === undefined) transaction.objectStore(store).delete(id);
        else transaction.objectStore(store).put(value, id);
      }
    });
    try {
      await written;
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It has ended already.
      }
      await ended.catch(() => undefined);
      throw storage_error(error);
    }
    await ended;
  }

  /**
   * To read from. What is asked for at the same moment shares one transaction of IndexedDB: of thousands, each leaves something to the collector
   * of garbage that it deals with while the page stands still.
   * @param {string} store
   * @returns {IDBObjectStore}
   */
  #records(store) {
    const shared = this.reading.get(store);
    if (shared) return shared;
    const records = this.#begin([store], "readonly").objectStore(store);
    this.reading.set(store, records);
    void Promise.resolve().then(() => this.reading.delete(store));
    return records;
  }

  /** @param {string[]} stores @param {IDBTransactionMode} mode */
  #begin(stores, mode) {
    try {
      // Strict: a key that has been used must stay used even after a power cut.
      return this.database.transaction(stores, mode, { durability: mode === "readwrite" ? "strict" : "default" });
    } catch (error) {
      throw storage_error(error);
    }
  }
}

/**
 * What the owner remembers of its records is among the listeners: one that fails must not keep the others from being told.
 * @param {(() => void)[]} listeners
 */
function tell_all(listeners) {
  const failures = [];
  for (const listener of listeners) {
    try {
      listener();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * @param {IDBObjectStore} store
 * @param {IDBKeyRange} range
 * @param {boolean} newest_first
 * @param {number} limit
 * @returns {Promise<{ id: string, sealed: Uint8Array }[]>}
 */
function read_rows(store, range, newest_first, limit) {
  return new Promise((resolve, reject) => {
    /** @type {{ id: string, sealed: Uint8Array }[]} */
    const rows = [];
    const request = store.openCursor(range, newest_first ? "prev" : "next");
    request.onerror = () => reject(storage_error(request.error));
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor || limit === 0) return resolve(rows);
      rows.push({ id: String(cursor.primaryKey), sealed: cursor.value });
      return rows.length < limit ? cursor.continue() : resolve(rows);
    };
  });
}
