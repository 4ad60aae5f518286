// @ts-check
// A transaction of IndexedDB, its stores, requests and cursors, on a SqliteDatabase.
import { Talk2meError } from "../../static/js/errors.js";

/** @import { SqliteDatabase } from "./sqlite_database.js" */

// So many records are read at once where a cursor goes through them.
const PIECE = 64;

/** What IndexedDB takes for a part of a store's ids. */
export class KeyRange {
  /** @param {string} lower @param {string | null} upper @param {boolean} lower_open @param {boolean} upper_open */
  constructor(lower, upper, lower_open, upper_open) {
    Object.assign(this, { lower, upper, lower_open, upper_open });
    /** @type {string} of SQL */
    this.condition = `id ${lower_open ? ">" : ">="} ? ${upper === null ? "" : `AND id ${upper_open ? "<" : "<="} ?`}`;
    this.bounds = upper === null ? [lower] : [lower, upper];
  }

  /** @param {string} lower @param {string} upper */
  static bound(lower, upper, lower_open = false, upper_open = false) {
    return new KeyRange(lower, upper, lower_open, upper_open);
  }

  /** @param {string} lower */
  static lowerBound(lower, open = false) {
    return new KeyRange(lower, null, open, false);
  }
}

export const WHOLE_STORE = KeyRange.lowerBound("");

/** @template T */
export class Request {
  /** @param {() => T} work */
  constructor(work) {
    this.work = work;
    /** @type {T | undefined} */
    this.result = undefined;
    /** @type {unknown} */
    this.error = null;
    /** @type {(() => void) | undefined} */
    this.onsuccess = undefined;
    /** @type {(() => void) | undefined} */
    this.onerror = undefined;
  }

  /** @param {(error: unknown) => void} on_failure */
  answer(on_failure) {
    try {
      this.result = this.work();
    } catch (error) {
      this.error = error;
      // What can't be opened is the matter of who asked for it, and changes nothing.
      if (!(error instanceof Talk2meError)) on_failure(error);
      this.onerror?.();
      return;
    }
    this.onsuccess?.();
  }
}

export class Transaction {
  /** @param {SqliteDatabase} database @param {boolean} writes */
  constructor(database, writes) {
    this.database = database;
    this.writes = writes;
    /** @type {Request<any>[]} */
    this.asked = [];
    this.is_idle = false;
    this.ended = false;
    /** @type {DOMException | null} */
    this.error = null;
    /** @type {(() => void) | undefined} */
    this.oncomplete = undefined;
    /** @type {(() => void) | undefined} */
    this.onabort = undefined;
  }

  /** @param {string} name */
  objectStore(name) {
    return new ObjectStore(this, name);
  }

  /** @template T @param {Request<T>} request @returns {Request<T>} */
  ask(request) {
    if (this.ended) throw new DOMException("", "TransactionInactiveError");
    this.is_idle = false;
    this.asked.push(request);
    return request;
  }

  abort() {
    if (this.ended) throw new DOMException("", "InvalidStateError");
    this.fail(new DOMException("", "AbortError"));
  }

  /** @param {DOMException} error */
  fail(error) {
    this.error ??= error;
  }

  end() {
    this.ended = true;
    if (this.error) this.onabort?.();
    else this.oncomplete?.();
  }
}

class ObjectStore {
  /** @param {Transaction} transaction @param {string} name */
  constructor(transaction, name) {
    this.transaction = transaction;
    this.name = name;
  }

  /** @param {string} id */
  get(id) {
    return this.#ask(({ run, form }) => {
      const [row] = run("SELECT value FROM records WHERE store = ? AND id = ?", this.name, id);
      return row && form.decode(this.name, id, row.value);
    });
  }

  /** @param {any} value @param {string} id */
  put(value, id) {
    return this.#ask(({ run, form }) => {
      run("INSERT OR REPLACE INTO records (store, id, value) VALUES (?, ?, ?)", this.name, id, form.encode(this.name, id, value));
    });
  }

  /** @param {string} id */
  delete(id) {
    return this.#ask(({ run }) => void run("DELETE FROM records WHERE store = ? AND id = ?", this.name, id));
  }

  count({ condition, bounds } = WHOLE_STORE) {
    return this.#ask(({ run }) => {
      const [row] = run(`SELECT count(*) AS count FROM records WHERE store = ? AND ${condition}`, this.name, ...bounds);
      return Number(row.count);
    });
  }

  /** @param {KeyRange} range @param {"next" | "prev"} direction */
  openCursor(range, direction) {
    const cursor = new Cursor(this, range, direction === "prev");
    return this.transaction.ask(cursor.request);
  }

  /** @param {KeyRange} range @param {boolean} backwards @param {string | null} after the last id that was read @returns {{ id: string, value: Uint8Array }[]} */
  read_piece({ condition, bounds }, backwards, after) {
    const on = after === null ? "" : `AND id ${backwards ? "<" : ">"} ?`;
    const order = `ORDER BY id ${backwards ? "DESC" : "ASC"} LIMIT ${PIECE}`;
    const sql = `SELECT id, value FROM records WHERE store = ? AND ${condition} ${on} ${order}`;
    return this.transaction.database.run(sql, this.name, ...bounds, ...(after === null ? [] : [after]));
  }

  /** @template T @param {(database: { run: SqliteDatabase["run"], form: SqliteDatabase["form"] }) => T} work */
  #ask(work) {
    const { database } = this.transaction;
    return this.transaction.ask(new Request(() => work({ run: database.run.bind(database), form: database.form })));
  }
}

class Cursor {
  /** @param {ObjectStore} store @param {KeyRange} range @param {boolean} backwards */
  constructor(store, range, backwards) {
    this.store = store;
    /** @type {{ id: string, value: Uint8Array }[]} */
    this.rows = [];
    /** @type {string | null} */
    this.primaryKey = null;
    /** @type {any} */
    this.value = undefined;
    /** @type {Request<Cursor | null>} */
    this.request = new Request(() => {
      if (this.rows.length === 0) this.rows = store.read_piece(range, backwards, this.primaryKey);
      const row = this.rows.shift();
      if (!row) return null;
      this.primaryKey = row.id;
      this.value = store.transaction.database.form.decode(store.name, row.id, row.value);
      return this;
    });
  }

  continue() {
    this.store.transaction.ask(this.request);
  }
}
