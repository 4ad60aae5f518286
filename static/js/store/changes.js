// @ts-check
// What one transaction is about to write, with reads that already see it.

/** @typedef {{ store: string, id: string, value: any }} Record_ `value` undefined: delete */
/** @import { Range } from "./store.js" */
/**
 * @typedef {{ get: (store: string, id: string) => Promise<any>, get_many: (store: string, ids: string[]) => Promise<any[]>,
 *   list: (store: string, range: Range) => Promise<{ id: string, value: any }[]> }} Reader
 */

export class Changes {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    /** @type {Map<string, Record_>} */
    this.sealed = new Map();
    /** @type {Map<string, any>} */
    this.ahead = new Map();
    /** @type {Map<string, Record_>} */
    this.raw = new Map();
    /** @type {(() => void)[]} */
    this.afterwards = [];
  }

  /** @param {() => void} listener called once everything noted here is stored, and only then */
  after(listener) {
    this.afterwards.push(listener);
  }

  /** @param {string} store @param {string} id @returns {Promise<any>} */
  async get(store, id) {
    const place = `${store}\0${id}`;
    const noted = this.sealed.get(place);
    if (noted) return noted.value;
    return this.ahead.has(place) ? this.ahead.get(place) : this.reader.get(store, id);
  }

  /**
   * Reads at once what will be asked for one by one. Nobody else writes meanwhile.
   * @param {string} store
   * @param {string[]} ids
   */
  async read_ahead(store, ids) {
    const values = await this.reader.get_many(store, ids);
    for (const [at, id] of ids.entries()) this.ahead.set(`${store}\0${id}`, values[at]);
  }

  /**
   * @param {string} store
   * @param {Range & { newest_first: boolean }} range
   * @returns {Promise<any>} the first record of the range, or undefined
   */
  async first(store, { prefix, before, after, newest_first }) {
    const is_nearer = (/** @type {string} */ a, /** @type {string} */ b) => (newest_first ? a > b : a < b);
    /** @type {{ id: string, value: any } | undefined} */
    let nearest;
    for (const { store: noted_in, id, value } of this.sealed.values()) {
      const is_in = noted_in === store && id.startsWith(prefix) && !(before && id >= before) && !(after && id <= after);
      if (is_in && value !== undefined && (!nearest || is_nearer(id, nearest.id))) nearest = { id, value };
    }
    for (let bounds = { before, after }; ; ) {
      const [stored] = await this.reader.list(store, { prefix, ...bounds, newest_first, limit: 1 });
      if (!stored || (nearest && is_nearer(nearest.id, stored.id))) return nearest?.value;
      const noted = this.sealed.get(`${store}\0${stored.id}`);
      if (!noted) return stored.value;
      if (noted.value !== undefined) return noted.value;
      // Deleted in this transaction: the one behind it.
      bounds = newest_first ? { ...bounds, before: stored.id } : { ...bounds, after: stored.id };
    }
  }

  /**
   * @param {string} store
   * @param {string} prefix
   * @returns {Promise<{ id: string, value: any }[]>} by id
   */
  async list(store, prefix) {
    const found = new Map((await this.reader.list(store, { prefix })).map(({ id, value }) => [id, value]));
    for (const { store: noted_in, id, value } of this.sealed.values()) {
      if (noted_in === store && id.startsWith(prefix)) found.set(id, value);
    }
    const rows = [...found].filter(([, value]) => value !== undefined).map(([id, value]) => ({ id, value }));
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** @param {string} store @param {string} id @param {any} value */
  put(store, id, value) {
    this.sealed.set(`${store}\0${id}`, { store, id, value });
  }

  /** @param {string} store @param {string} id */
  delete(store, id) {
    this.put(store, id, undefined);
  }

  /** A CryptoKey, or a pair of them: IndexedDB keeps it as it is. @param {string} id @param {any} key */
  put_key(id, key) {
    this.raw.set(id, { store: "keys", id, value: key });
  }

  /** @param {string} id */
  delete_key(id) {
    this.put_key(id, undefined);
  }

  /**
   * Reads a record, lets `change` alter it in place and notes the result.
   * @param {string} store
   * @param {string} id
   * @param {(value: any) => void} change not called when there is no such record
   * @returns {Promise<any>} the altered record, or undefined
   */
  async update(store, id, change) {
    const value = await this.get(store, id);
    if (value === undefined) return undefined;
    change(value);
    this.put(store, id, value);
    return value;
  }

  is_empty() {
    return this.sealed.size === 0 && this.raw.size === 0;
  }

  records() {
    return [...this.sealed.values()];
  }

  keys() {
    return [...this.raw.values()];
  }
}
