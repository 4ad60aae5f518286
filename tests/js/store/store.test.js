// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { IDBDatabase, IDBFactory, IDBKeyRange, IDBObjectStore } from "fake-indexeddb";
import { random_bytes } from "../../../static/js/crypto/random.js";
import { generate_signing_key } from "../../../static/js/crypto/ed25519.js";
import { is_talk2me_error } from "../../../static/js/errors.js";
import { delete_store, open_store, STORES } from "../../../static/js/store/open_store.js";

globalThis.IDBKeyRange = IDBKeyRange;

/** @param {any} code @returns {(error: unknown) => boolean} */
const is = (code) => (error) => is_talk2me_error(error, code);

/** Everything that lies in a database, as text. @param {IDBFactory} factory @returns {Promise<{ store: string, key: any, value: any }[]>} */
function raw_rows(factory) {
  return new Promise((resolve, reject) => {
    const request = factory.open("test");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const transaction = database.transaction([...STORES]);
      /** @type {any[]} */
      const rows = [];
      for (const store of STORES) {
        transaction.objectStore(store).openCursor().onsuccess = ({ target }) => {
          const cursor = /** @type {any} */ (target).result;
          if (!cursor) return;
          rows.push({ store, key: cursor.primaryKey, value: cursor.value });
          cursor.continue();
        };
      }
      transaction.oncomplete = () => {
        database.close();
        resolve(rows);
      };
    };
  });
}

describe("the store", () => {
  /** @type {IDBFactory} */
  let factory;
  /** @type {import("../../../static/js/store/store.js").Store} */
  let store;
  const { put } = IDBObjectStore.prototype;

  const open = (options = {}) => open_store("test", { random: random_bytes, factory, ...options });

  beforeEach(async () => {
    factory = new IDBFactory();
    store = await open();
    await store.take_ownership();
  });
  afterEach(() => {
    IDBObjectStore.prototype.put = put;
    store.close();
  });

  it("reads at one moment in one transaction, and later in another", async () => {
    await store.take_ownership();
    await store.transaction((changes) => ["a", "b"].forEach((id) => changes.put("meta", id, id)));
    const { transaction } = IDBDatabase.prototype;
    let begun = 0;
    IDBDatabase.prototype.transaction = /** @type {any} */ (
      /** @this {any} @param {any[]} how */
      function count(...how) {
        begun += 1;
        return /** @type {any} */ (transaction).apply(this, how);
      }
    );
    try {
      assert.deepEqual(await Promise.all([store.get("meta", "a"), store.get("meta", "b"), store.count("meta", "")]), ["a", "b", 2]);
      assert.equal(begun, 1);
      assert.equal(await store.get("meta", "b"), "b");
      assert.equal(begun, 2);
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
  });

  it("gives back what was put, after being opened again", async () => {
    const value = { text: "über", number: 2 ** 40, bytes: Uint8Array.of(1, 2), list: [null, true] };
    await store.transaction((changes) => changes.put("meta", "a", value));
    assert.deepEqual(await store.get("meta", "a"), value);
    store.close();
    store = await open();
    assert.deepEqual(await store.get("meta", "a"), value);
    assert.equal(await store.get("meta", "b"), undefined);
  });

  it("keeps no word readable at rest, and its keys where nobody can export them", async () => {
    await store.transaction((changes) => changes.put("messages", "m/x/1", { text: "xylophone marmalade" }));
    const pair = await generate_signing_key({ extractable: false });
    await store.transaction((changes) => changes.put_key("sign_in", pair));
    const rows = await raw_rows(factory);
    const message = rows.find(({ store: name }) => name === "messages");
    assert.ok(message?.value instanceof Uint8Array);
    assert.ok(!Buffer.from(message.value).includes("marmalade"));
    const wrapping = rows.find(({ key }) => key === "wrapping")?.value;
    assert.equal(wrapping.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("raw", wrapping));
    const kept = await store.get_key("sign_in");
    assert.deepEqual([kept.private_key.extractable, kept.public_key], [false, pair.public_key]);
  });

  it("refuses a record that was altered, or moved to another place", async () => {
    await store.transaction((changes) => {
      changes.put("meta", "a", { x: 1 });
      changes.put("meta", "b", { x: 2 });
    });
    const [a, b] = (await raw_rows(factory)).filter(({ store: name }) => name === "meta");
    const transaction = store.database.transaction(["meta", "groups"], "readwrite");
    transaction.objectStore("meta").put(b.value, "a");
    transaction.objectStore("groups").put(a.value, "a");
    const altered = b.value.slice();
    altered[altered.length - 1] ^= 1;
    transaction.objectStore("meta").put(altered, "b");
    await new Promise((resolve) => void (transaction.oncomplete = resolve));
    await assert.rejects(store.get("meta", "a"), is("storage_damaged"));
    await assert.rejects(store.get("groups", "a"), is("storage_damaged"));
    await assert.rejects(store.get("meta", "b"), is("storage_damaged"));
  });

  it("reads inside a transaction what that has noted, and runs one after the other", async () => {
    const add = () =>
      store.transaction(async (changes) => {
        const { n = 0 } = (await changes.get("meta", "count")) ?? {};
        changes.put("meta", "count", { n: n + 1 });
        return (await changes.get("meta", "count")).n;
      });
    const seen = await Promise.all(Array.from({ length: 20 }, add));
    assert.deepEqual(seen, Array.from({ length: 20 }, (_, at) => at + 1));
    assert.deepEqual(await store.get("meta", "count"), { n: 20 });
  });

  it("reads many at once as one by one, and what is noted since counts", async () => {
    await store.transaction((changes) => {
      for (const id of ["a", "b", "c"]) changes.put("meta", id, { id });
    });
    assert.deepEqual(await store.get_many("meta", ["c", "none", "a"]), [{ id: "c" }, undefined, { id: "a" }]);
    await store.transaction(async (changes) => {
      changes.put("meta", "a", { id: "noted" });
      await changes.read_ahead("meta", ["a", "b", "c", "none"]);
      changes.delete("meta", "c");
      const found = await Promise.all(["a", "b", "c", "none"].map((id) => changes.get("meta", id)));
      assert.deepEqual(found, [{ id: "noted" }, { id: "b" }, undefined, undefined]);
    });
  });

  it("writes nothing when the work throws, and goes on with the next", async () => {
    let told = false;
    const broken = store.transaction((changes) => {
      changes.put("meta", "a", {});
      changes.after(() => {
        told = true;
      });
      throw new Error("on the way");
    });
    await assert.rejects(broken, /on the way/);
    assert.equal(await store.get("meta", "a"), undefined);
    assert.equal(told, false);
    await store.transaction((changes) => changes.put("meta", "b", { fine: true }));
    assert.deepEqual(await store.get("meta", "b"), { fine: true });
  });

  it("lists by prefix, from either end, below a record, up to a limit", async () => {
    await store.transaction((changes) => {
      for (const id of ["m/a/1", "m/a/2", "m/a/3", "m/b/1", "i/a/1"]) changes.put("messages", id, { id });
    });
    /** @param {any} range */
    const ids = async (range) => (await store.list("messages", range)).map(({ id }) => id);
    assert.deepEqual(await ids({ prefix: "m/a/" }), ["m/a/1", "m/a/2", "m/a/3"]);
    assert.deepEqual(await ids({ prefix: "m/a/", newest_first: true, limit: 2 }), ["m/a/3", "m/a/2"]);
    assert.deepEqual(await ids({ prefix: "m/a/", before: "m/a/3" }), ["m/a/1", "m/a/2"]);
    assert.deepEqual(await ids({ prefix: "m/c/" }), []);
  });

  it("takes no write of a page that is not the owner, or not any more", async () => {
    const other = await open();
    const write = (/** @type {typeof store} */ by) => by.transaction((changes) => changes.put("meta", "a", { by: "x" }));
    await assert.rejects(write(other), is("not_owner"));
    await other.take_ownership();
    await assert.rejects(write(store), is("not_owner"));
    assert.equal(await store.get("meta", "a"), undefined);
    await write(other);
    assert.deepEqual(await store.get("meta", "a"), { by: "x" });
    other.close();
  });

  it("looks at the generation in the very transaction: a page that took over meanwhile wins", async () => {
    const other = await open();
    const late = store.transaction(async (changes) => {
      changes.put("meta", "a", { late: true });
      await other.take_ownership();
    });
    await assert.rejects(late, is("not_owner"));
    assert.equal(await store.get("meta", "a"), undefined);
    other.close();
  });

  it("says that the disk is full and keeps all of a transaction out", async () => {
    await store.transaction((changes) => changes.put("meta", "before", { x: 1 }));
    for (const room of [0, 1, 2]) {
      let left = room;
      IDBObjectStore.prototype.put = function full(/** @type {any} */ ...given) {
        left -= 1;
        if (left < 0) throw new DOMException("", "QuotaExceededError");
        return put.apply(this, given);
      };
      const full = store.transaction((changes) => {
        for (const id of ["a", "b", "c"]) changes.put("meta", id, { id });
        changes.delete("meta", "before");
      });
      await assert.rejects(full, is("storage_full"));
      IDBObjectStore.prototype.put = put;
      const rows = await store.list("meta", { prefix: "" });
      assert.deepEqual(rows.map(({ id }) => id), ["before"]);
    }
  });

  it("is made once when two pages open it at the same moment", async () => {
    const fresh = new IDBFactory();
    const [one, two] = await Promise.all([
      open_store("test", { random: random_bytes, factory: fresh }),
      open_store("test", { random: random_bytes, factory: fresh }),
    ]);
    await one.take_ownership();
    await one.transaction((changes) => changes.put("meta", "a", { x: 1 }));
    assert.deepEqual(await two.get("meta", "a"), { x: 1 });
    one.close();
    two.close();
  });

  it("tells everyone of what is stored, whatever one of them makes of it", async () => {
    /** @type {string[]} */
    const told = [];
    const failing = store.transaction((changes) => {
      changes.put("meta", "told", { v: 1 });
      changes.after(() => {
        throw new Error("first");
      });
      changes.after(() => told.push("second"));
    });
    await assert.rejects(failing, /first/);
    assert.deepEqual(told, ["second"]);
    assert.deepEqual(await store.get("meta", "told"), { v: 1 });
  });

  it("a fork owns by itself: who owned before it does not write any more", async () => {
    const fork = store.fork();
    await fork.take_ownership();
    await fork.transaction((changes) => changes.put("meta", "a", { v: 2 }));
    assert.deepEqual(await store.get("meta", "a"), { v: 2 });
    await assert.rejects(store.transaction((changes) => changes.put("meta", "a", { v: 3 })), is("not_owner"));
    fork.give_up_ownership();
    await assert.rejects(fork.transaction((changes) => changes.put("meta", "a", { v: 4 })), is("not_owner"));
  });

  it("closes when another page deletes it, and says so", async () => {
    let closed = false;
    const other = await open({
      on_closed: () => {
        closed = true;
      },
    });
    store.close();
    await delete_store("test", factory);
    assert.ok(closed);
    await assert.rejects(other.get("meta", "a"), is("storage_blocked"));
    store = await open();
    assert.deepEqual(await store.list("meta", { prefix: "" }), []);
  });

  it("keeps what a release without files and search has stored, and has room for those", async () => {
    await store.transaction((changes) => changes.put("meta", "a", { kept: true }));
    store.close();
    const rows = await raw_rows(factory);
    const old = new IDBFactory();
    const { open_database, result_of } = await import("../../../static/js/store/idb.js");
    const of_before = STORES.filter((name) => name !== "files" && name !== "search");
    const make = (/** @type {IDBDatabase} */ database) => of_before.forEach((name) => database.createObjectStore(name));
    const before = await open_database(old, "test", 1, make, { on_closed: () => undefined });
    for (const { store: name, key, value } of rows) {
      await result_of(before.transaction([name], "readwrite").objectStore(name).put(value, key));
    }
    before.close();
    store = await open({ factory: old });
    await store.take_ownership();
    assert.deepEqual(await store.get("meta", "a"), { kept: true });
    await store.transaction((changes) => changes.put("files", "b", { part: Uint8Array.of(1) }));
    assert.deepEqual((await store.list("files", { prefix: "" })).map(({ id }) => id), ["b"]);
    assert.deepEqual(await store.list("search", { prefix: "" }), []);
  });

  it("says that it is blocked while an older page holds an older version", async () => {
    store.close();
    const old = new IDBFactory();
    const holder = await new Promise((resolve) => {
      const request = old.open("test", 1);
      request.onsuccess = () => resolve(request.result);
    });
    const { open_database } = await import("../../../static/js/store/idb.js");
    const upgrade = open_database(old, "test", 2, () => undefined, { on_closed: () => undefined });
    await assert.rejects(upgrade, is("storage_blocked"));
    holder.close();
    await assert.rejects(open({ factory: undefined }), is("api_missing"));
  });
});
