// @ts-check
// What one transaction is about to write, with reads that already see it.

/** @typedef {{ store: string, id: string, value: any }} Record_ `value` undefined: delete */
/** @typedef {{ get: (store: string, id: string) => Promise<any> }} Reader */

export class Changes {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    /** @type {Map<string, Record_>} */
    this.sealed = new Map();
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
    const noted = this.sealed.get(`${store}\0${id}`);
    return noted ? noted.value : this.reader.get(store, id);
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
