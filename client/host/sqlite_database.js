// @ts-check
// One file of SQLite that runs one transaction after the other, as far as static/js/store asks that of IndexedDB: each is stored
// whole, on the disk, before it is said to be complete.
import { DatabaseSync } from "node:sqlite";

/** @import { Transaction } from "./transaction.js" */
/** @typedef {{ encode: (store: string, id: string, value: any) => Uint8Array, decode: (store: string, id: string, bytes: Uint8Array) => any }} Form */

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stores (name TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS records (store TEXT NOT NULL, id TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, id));
`;
// A used key must stay used after a power cut, and what is deleted is overwritten in the file.
const PRAGMAS = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";
const SQLITE_FULL = 13;

export class SqliteDatabase {
  /** @param {string} path @param {Form} form what records look like in the file */
  constructor(path, form) {
    this.form = form;
    this.sqlite = new DatabaseSync(path);
    this.sqlite.exec(PRAGMAS + SCHEMA);
    /** @type {Transaction[]} */
    this.queue = [];
    /** @type {Transaction | null} */
    this.running = null;
    /** @type {Map<string, import("node:sqlite").StatementSync>} */
    this.statements = new Map();
    this.closed = false;
  }

  get version() {
    return Number(this.run("PRAGMA user_version")[0].user_version);
  }

  /** @param {number} version */
  set version(version) {
    this.sqlite.exec(`PRAGMA user_version = ${version}`);
  }

  /** @param {string} sql @param {...(string | number | Uint8Array)} values @returns {any[]} rows */
  run(sql, ...values) {
    const statement = this.statements.get(sql) ?? this.sqlite.prepare(sql);
    this.statements.set(sql, statement);
    return statement.all(...values);
  }

  /** @param {Transaction} transaction */
  begin(transaction) {
    this.queue.push(transaction);
    this.#next();
  }

  /** What is under way is still finished. */
  close() {
    this.closed = true;
    if (!this.running && this.sqlite.isOpen) this.sqlite.close();
  }

  #next() {
    const next = this.running ? undefined : this.queue.shift();
    if (next) {
      this.running = next;
      if (next.writes) this.sqlite.exec("BEGIN IMMEDIATE");
      setImmediate(() => this.#step(next));
    } else if (!this.running && this.closed) this.close();
  }

  /** @param {Transaction} transaction */
  #step(transaction) {
    for (let asked; !transaction.error && (asked = transaction.asked.shift()); ) asked.answer((error) => transaction.fail(to_exception(error)));
    if (transaction.error) return this.#end(transaction, "ROLLBACK");
    // Whoever waits for an answer asks for more within the same turn.
    if (transaction.is_idle) return this.#end(transaction, "COMMIT");
    transaction.is_idle = transaction.asked.length === 0;
    setImmediate(() => this.#step(transaction));
    return undefined;
  }

  /** @param {Transaction} transaction @param {"COMMIT" | "ROLLBACK"} how */
  #end(transaction, how) {
    try {
      if (transaction.writes) this.sqlite.exec(how);
    } catch (error) {
      transaction.fail(to_exception(error));
      if (this.sqlite.isTransaction) this.sqlite.exec("ROLLBACK");
    }
    this.running = null;
    transaction.end();
    this.#next();
  }
}

/** @param {any} error @returns {DOMException} as IndexedDB names it */
function to_exception(error) {
  if (error instanceof DOMException) return error;
  return new DOMException("", error?.errcode === SQLITE_FULL ? "QuotaExceededError" : "UnknownError");
}
