// @ts-check
// What opens a store when a page comes to it: its own browser's key, or a person.
import { generate_wrapping_key, import_aes_key } from "../crypto/aead.js";
import { Talk2meError } from "../errors.js";
import { end_of, result_of } from "./idb.js";
import { unwrap_data_key, wrap_data_key } from "./record_sealer.js";

/** @import { Bytes } from "../codec/bytes.js" */
/** @import { Keyring } from "./keyring.js" */
/** @import { LockRecord } from "./lock_record.js" */
/** @import { Random } from "./record_sealer.js" */
/**
 * @typedef {{ new_key: Bytes, lock: LockRecord } | { new_key: Bytes, wrapped: Bytes }} Change a change of data keys that is under way:
 *   the new one sealed with the old one, and how it will be wrapped: by a lock, or by the browser's key
 * @typedef {{ wrapping?: CryptoKey, data_key?: Bytes, lock?: LockRecord, change?: Change }} HeldKeys
 */

/**
 * @param {IDBDatabase} database
 * @param {Keyring} keyring stays empty where a person has to unlock
 * @throws {Talk2meError} `storage_damaged` when there are records and no key, or a key that opens nothing
 */
export async function load_keys(database, keyring) {
  const { wrapping, data_key, lock, change } = await read_or_make(database, keyring.random);
  if (lock) return;
  if (!wrapping || !data_key) throw new Talk2meError("storage_damaged", { store: "keys" });
  let opened;
  try {
    opened = await unwrap_data_key(wrapping, data_key);
  } catch {
    throw new Talk2meError("storage_damaged", { store: "keys" });
  }
  await take_data_key(keyring, opened, change);
}

/**
 * @param {Keyring} keyring
 * @param {Uint8Array} data_key the one that is wrapped: during a change, the old one
 * @param {Change | undefined} change
 */
export async function take_data_key(keyring, data_key, change) {
  const current = await import_aes_key(data_key);
  keyring.use({ current, old: null });
  if (change) await take_new_key(keyring, change);
}

/** @param {Keyring} keyring with the old key alone @param {Change} change */
export async function take_new_key(keyring, change) {
  const old = keyring.keys?.current ?? null;
  const { key } = await keyring.open("keys", "change", change.new_key);
  keyring.use({ current: await import_aes_key(key), old });
}

/** @param {IDBDatabase} database @param {Random} random @returns {Promise<HeldKeys>} */
async function read_or_make(database, random) {
  // Made before the transaction: IndexedDB commits one that waits for anything else.
  const wrapping = await generate_wrapping_key();
  const data_key = await wrap_data_key(wrapping, random(32), random);
  const names = [...database.objectStoreNames];
  const transaction = database.transaction(names, "readwrite");
  const ended = end_of(transaction);
  const keys = transaction.objectStore("keys");
  /** @type {any} */
  let held = {};
  for (const id of ["wrapping", "data_key", "lock", "change"]) held[id] = await result_of(keys.get(id));
  if (!held.lock && !held.data_key && (await is_empty(transaction, names))) {
    held = { wrapping, data_key };
    keys.put(wrapping, "wrapping");
    keys.put(data_key, "data_key");
  }
  await ended;
  return held;
}

/** @param {IDBTransaction} transaction @param {string[]} names */
async function is_empty(transaction, names) {
  for (const name of names) {
    // The owner's generation says nothing of anybody.
    if (name !== "owner" && (await result_of(transaction.objectStore(name).count())) > 0) return false;
  }
  return true;
}
