// @ts-check
// What a person, or another page of this browser, does about a locked store.
import { load_keys, take_data_key, take_new_key } from "./load_keys.js";
import { unwrap_by_lock } from "./lock_key.js";

/** @import { Change } from "./load_keys.js" */
/** @import { ByPassphrase, ByPasskey } from "./lock_key.js" */
/** @import { LockRecord } from "./lock_record.js" */
/** @import { Store } from "./store.js" */

/** @param {Store} store @returns {Promise<LockRecord | null>} as it lies there; null: there is none, or none yet */
export async function read_lock(store) {
  return (await store.get_key("lock")) ?? null;
}

/**
 * @param {Store} store
 * @param {ByPassphrase | ByPasskey} secret
 * @throws {Talk2meError} `lock_wrong`, `lock_weak`, `storage_damaged`
 */
export async function unlock_store(store, secret) {
  const lock = await read_lock(store);
  // Another page has taken the lock off.
  if (!lock) return load_keys(store.database, store.keyring);
  const data_key = await unwrap_by_lock(lock, secret);
  return take_data_key(store.keyring, data_key, await store.get_key("change"));
}

/**
 * For a page that becomes the owner: the one before may have changed the keys without this page having heard of it. Keys that
 * open nothing any more are forgotten, so that a person has to unlock.
 * @param {Store} store
 * @throws {Talk2meError} `storage_damaged`
 */
export async function refresh_keys(store) {
  if (store.locked || (await has_present_keys(store))) return;
  store.keyring.clear();
  await load_keys(store.database, store.keyring);
}

/** @param {Store} store @returns {Promise<boolean>} */
async function has_present_keys(store) {
  const { keyring } = store;
  /** @type {Change | undefined} */
  const change = await store.get_key("change");
  const { current, old } = /** @type {import("./keyring.js").Keys} */ (keyring.keys);
  try {
    if (!change) keyring.use({ current, old: null });
    else if (!old) await take_new_key(keyring, change);
    for (const { id, sealed } of await store.read_sealed("meta", "", 1)) await keyring.open("meta", id, sealed);
    return true;
  } catch {
    return false;
  }
}
