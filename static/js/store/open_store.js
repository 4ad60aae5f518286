// @ts-check
// Opens this browser's database and its data key. The first page makes both; a second one that comes at the same moment
// takes what the first has stored.
import { Talk2meError } from "../errors.js";
import { delete_database, open_database } from "./idb.js";
import { Keyring } from "./keyring.js";
import { load_keys } from "./load_keys.js";
import { Store } from "./store.js";

/** @import { Random } from "./record_sealer.js" */

/** 2: files and the search index. */
export const VERSION = 2;

/** `keys` holds CryptoKeys and the wrapped data key, `owner` the generation; every other record is sealed. */
export const STORES = /** @type {const} */ ([
  "owner",
  "keys",
  "meta",
  "key_packages",
  "groups",
  "messages",
  "conversations",
  "contacts",
  "outbox",
  "cursors",
  "transcripts",
  "files",
  "search",
]);

/**
 * @param {string} database_name
 * @param {{ random: Random, factory?: IDBFactory, on_closed?: () => void }} options `on_closed`: the database was taken
 *   away by another page (an upgrade, or "erase this browser")
 * @returns {Promise<Store>} locked, where there is a lock
 * @throws {Talk2meError} `api_missing`, `storage_blocked`, `storage_full`, `storage_damaged`
 */
export async function open_store(database_name, { random, factory = globalThis.indexedDB, on_closed = () => {} }) {
  if (!factory) throw new Talk2meError("api_missing", { missing: ["IndexedDB"] });
  const database = await open_database(factory, database_name, VERSION, make_stores, { on_closed });
  const keyring = new Keyring(random);
  try {
    await load_keys(database, keyring);
  } catch (error) {
    database.close();
    throw error;
  }
  return new Store(database, keyring);
}

/**
 * Everything that is in it goes, keys too. Pages that have it open are told to close it.
 * @param {string} database_name
 * @param {IDBFactory} [factory]
 */
export async function delete_store(database_name, factory = globalThis.indexedDB) {
  await delete_database(factory, database_name);
}

/** @param {IDBDatabase} database */
function make_stores(database) {
  for (const name of STORES) {
    if (!database.objectStoreNames.contains(name)) database.createObjectStore(name);
  }
}
