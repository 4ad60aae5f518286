// @ts-check
// Opens this browser's database and its data key. The first page makes both; a second one that comes at the same moment
// takes what the first has stored.
import { generate_wrapping_key } from "../crypto/aead.js";
import { Talk2meError } from "../errors.js";
import { delete_database, end_of, open_database, result_of } from "./idb.js";
import { RecordSealer, unwrap_data_key, wrap_data_key } from "./record_sealer.js";
import { Store } from "./store.js";

/** @import { Random } from "./record_sealer.js" */

const VERSION = 1;

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
]);

/**
 * @param {string} database_name
 * @param {{ random: Random, factory?: IDBFactory, on_closed?: () => void }} options `on_closed`: the database was taken
 *   away by another page (an upgrade, or "erase this browser")
 * @returns {Promise<Store>}
 * @throws {Talk2meError} `api_missing`, `storage_blocked`, `storage_full`, `storage_damaged`
 */
export async function open_store(database_name, { random, factory = globalThis.indexedDB, on_closed = () => {} }) {
  if (!factory) throw new Talk2meError("api_missing", { missing: ["IndexedDB"] });
  const database = await open_database(factory, database_name, VERSION, make_stores, { on_closed });
  const data_key = await load_data_key(database, random);
  return new Store(database, await RecordSealer.from_bytes(data_key, random));
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

/** @param {IDBDatabase} database @param {Random} random */
async function load_data_key(database, random) {
  // Made before the transaction: IndexedDB commits one that waits for anything else.
  const new_wrapping_key = await generate_wrapping_key();
  const new_wrapped = await wrap_data_key(new_wrapping_key, random(32), random);
  const transaction = database.transaction("keys", "readwrite");
  const keys = transaction.objectStore("keys");
  const ended = end_of(transaction);
  let wrapping_key = await result_of(keys.get("wrapping"));
  let wrapped = await result_of(keys.get("data_key"));
  if (!wrapping_key || !wrapped) {
    [wrapping_key, wrapped] = [new_wrapping_key, new_wrapped];
    keys.put(wrapping_key, "wrapping");
    keys.put(wrapped, "data_key");
  }
  await ended;
  try {
    return await unwrap_data_key(wrapping_key, wrapped);
  } catch {
    throw new Talk2meError("storage_damaged", { store: "keys" });
  }
}
