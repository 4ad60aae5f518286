// @ts-check
// IndexedDB as promises: only what the store needs. Errors come out as Talk2meError.
import { Talk2meError } from "../errors.js";

/** @typedef {{ on_closed: () => void }} DatabaseEvents `on_closed`: another page upgrades or deletes the database */

/**
 * @param {unknown} error a DOMException of IndexedDB, or what our own code threw
 * @returns {Talk2meError}
 */
export function storage_error(error) {
  if (error instanceof Talk2meError) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") return new Talk2meError("storage_full");
  if (name === "InvalidStateError" || name === "AbortError") return new Talk2meError("storage_blocked");
  return new Talk2meError("storage_damaged", { name });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function result_of(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(storage_error(request.error));
  });
}

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>} settled once everything in it is stored, or nothing
 */
export function end_of(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(storage_error(transaction.error ?? new Talk2meError("storage_blocked")));
  });
}

/**
 * @param {IDBFactory} factory
 * @param {string} name
 * @param {number} version
 * @param {(database: IDBDatabase) => void} upgrade makes what is missing
 * @param {DatabaseEvents} events
 * @returns {Promise<IDBDatabase>}
 * @throws {Talk2meError} `storage_blocked` when an older page keeps the database open
 */
export function open_database(factory, name, version, upgrade, { on_closed }) {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, version);
    let refused = false;
    request.onupgradeneeded = () => upgrade(request.result);
    request.onblocked = () => {
      refused = true;
      reject(new Talk2meError("storage_blocked"));
    };
    request.onerror = () => reject(storage_error(request.error));
    request.onsuccess = () => {
      const database = request.result;
      // The other page went away after all, but nobody waits for this connection any more.
      if (refused) return database.close();
      database.onversionchange = () => {
        database.close();
        on_closed();
      };
      database.onclose = on_closed;
      return resolve(database);
    };
  });
}

/**
 * @param {IDBFactory} factory
 * @param {string} name
 * @returns {Promise<void>} once it is gone; pages that have it open close it on `versionchange`
 */
export function delete_database(factory, name) {
  return new Promise((resolve, reject) => {
    const request = factory.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(storage_error(request.error));
  });
}
