// @ts-check
// Turning the lock on, off or into another: a new data key, and every record sealed anew with it. Until the last transaction
// what opened the store before opens both keys, so a page that ends in the middle loses nothing; after it, nothing is left
// that the old key or what wrapped it could read.
import { generate_wrapping_key, import_aes_key } from "../crypto/aead.js";
import { wrap_by_lock } from "./lock_key.js";
import { wrap_data_key } from "./record_sealer.js";

/** @import { NewLock } from "./lock_key.js" */
/** @import { Store } from "./store.js" */

const PIECE = 200;
// Its records are parts of files, of a megabyte each.
const FILES_PIECE = 8;

/**
 * Of the owner.
 * @param {Store} store
 * @param {NewLock | null} lock null: none, the browser's own key opens it from now on
 * @param {() => void} [on_keys] told whenever this page has other keys than before
 * @throws {Talk2meError} `locked`, `not_owner`, `storage_full`: what was begun goes on with `finish_change`
 */
export async function change_lock(store, lock, on_keys = () => {}) {
  await finish_change(store, on_keys);
  const { keyring } = store;
  const data_key = keyring.random(32);
  const new_key = await keyring.seal("keys", "change", { key: data_key });
  const wrapping = lock ? null : await generate_wrapping_key();
  const wrap = wrapping
    ? { wrapped: await wrap_data_key(wrapping, data_key, keyring.random) }
    : { lock: await wrap_by_lock(/** @type {NewLock} */ (lock), data_key, keyring.random) };
  const current = await import_aes_key(data_key);
  await store.transaction((changes) => {
    if (wrapping) changes.put_key("wrapping", wrapping);
    changes.put_key("change", { new_key, ...wrap });
    changes.after(() => keyring.use({ current, old: keyring.keys?.current ?? null }));
    changes.after(on_keys);
  });
  await finish_change(store, on_keys);
}

/**
 * Goes on with a change where it was left, if there is one.
 * @param {Store} store
 * @param {() => void} [on_keys]
 */
export async function finish_change(store, on_keys = () => {}) {
  const { keyring } = store;
  if (!(await store.get_key("change"))) return;
  for (const name of store.sealed_stores) {
    /** @type {string | null} */
    let after = "";
    while (after !== null) after = await seal_piece(store, name, after);
  }
  await store.transaction(async (changes) => {
    const { lock, wrapped } = await store.get_key("change");
    if (lock) {
      changes.put_key("lock", lock);
      for (const id of ["wrapping", "data_key"]) changes.delete_key(id);
    } else {
      changes.put_key("data_key", wrapped);
      changes.delete_key("lock");
    }
    changes.delete_key("change");
    changes.after(() => {
      if (keyring.keys) keyring.use({ current: keyring.keys.current, old: null });
    });
    changes.after(on_keys);
  });
}

/** @param {Store} store @param {string} name @param {string} after @returns {Promise<string | null>} the last id; null: that was all */
async function seal_piece(store, name, after) {
  return store.transaction(async (changes) => {
    const rows = await store.read_sealed(name, after, name === "files" ? FILES_PIECE : PIECE);
    for (const { id, sealed } of rows) {
      const value = await store.keyring.open_old(name, id, sealed);
      if (value !== undefined) changes.put(name, id, value);
    }
    return rows.at(-1)?.id ?? null;
  });
}
