// @ts-check
// What static/js/store takes for `indexedDB`: one database, in the file `state.sqlite3` of the folder.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { SqliteDatabase } from "./sqlite_database.js";
import { Transaction } from "./transaction.js";

/** @import { Form } from "./sqlite_database.js" */

const FILE = "state.sqlite3";

export class DatabaseFactory {
  /** @param {string} folder @param {Form} form */
  constructor(folder, form) {
    this.path = join(folder, FILE);
    this.form = form;
  }

  /** @param {string} _name @param {number} version */
  open(_name, version) {
    /** @type {any} */
    const request = { result: undefined, error: null };
    setImmediate(() => {
      try {
        const sqlite = new SqliteDatabase(this.path, this.form);
        request.result = new Database(sqlite);
        if (sqlite.version > version) throw new DOMException("", "VersionError");
        if (sqlite.version < version) {
          request.onupgradeneeded();
          sqlite.version = version;
        }
      } catch (error) {
        request.error = error;
        request.onerror();
        return;
      }
      request.onsuccess();
    });
    return request;
  }

  /** @param {string} _name */
  deleteDatabase(_name) {
    /** @type {any} */
    const request = {};
    setImmediate(() => {
      for (const end of ["", "-journal"]) rmSync(this.path + end, { force: true });
      request.onsuccess();
    });
    return request;
  }
}

class Database {
  /** @param {SqliteDatabase} sqlite */
  constructor(sqlite) {
    this.sqlite = sqlite;
  }

  get objectStoreNames() {
    const names = this.sqlite.run("SELECT name FROM stores ORDER BY name").map(({ name }) => String(name));
    return Object.assign(names, { contains: (/** @type {string} */ name) => names.includes(name) });
  }

  /** @param {string} name */
  createObjectStore(name) {
    this.sqlite.run("INSERT INTO stores (name) VALUES (?)", name);
  }

  /** @param {string[]} _names @param {"readonly" | "readwrite"} mode */
  transaction(_names, mode) {
    if (this.sqlite.closed) throw new DOMException("", "InvalidStateError");
    const transaction = new Transaction(this.sqlite, mode === "readwrite");
    this.sqlite.begin(transaction);
    return transaction;
  }

  close() {
    this.sqlite.close();
  }
}
