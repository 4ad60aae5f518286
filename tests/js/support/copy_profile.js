// @ts-check
// A copy of a browser profile: everything in its IndexedDB as it is now, keys too, in another browser.
import { IDBFactory } from "fake-indexeddb";
import { open_database, result_of } from "../../../static/js/store/idb.js";
import { STORES, VERSION } from "../../../static/js/store/open_store.js";
import { Browser } from "./browser.js";

const EVENTS = { on_closed: () => undefined };

/** @param {Browser} original @returns {Promise<Browser>} with no tab open yet */
export async function copy_profile({ origin, options, factory, database_name }) {
  const copy = new Browser(origin, options);
  copy.factory = new IDBFactory();
  const from = await open_database(factory, database_name, VERSION, () => undefined, EVENTS);
  const rows = await Promise.all(STORES.map((store) => read_all(from, store)));
  from.close();
  const to = await open_database(copy.factory, copy.database_name, VERSION, (made) => STORES.forEach((store) => made.createObjectStore(store)), EVENTS);
  for (const [at, store] of STORES.entries()) {
    const target = to.transaction(store, "readwrite").objectStore(store);
    await Promise.all(rows[at].map(({ key, value }) => result_of(target.put(value, key))));
  }
  to.close();
  return copy;
}

/** @param {IDBDatabase} database @param {string} name @returns {Promise<{ key: IDBValidKey, value: any }[]>} */
async function read_all(database, name) {
  const store = database.transaction(name, "readonly").objectStore(name);
  const [keys, values] = await Promise.all([result_of(store.getAllKeys()), result_of(store.getAll())]);
  return keys.map((key, at) => ({ key, value: values[at] }));
}
